package org.dkimproxy.sendermap.map;

import java.util.List;
import org.dkimproxy.sendermap.dkim.SignatureSpecification;
import org.dkimproxy.sendermap.text.Position;

/**
 * The map entry that applies to a message.
 *
 * @param key the key that matched, lower case: an address, a domain, or {@code .}
 * @param keyDomain the domain part of the key; empty for {@code .}; of a list id that matched as a whole, what follows its first
 *     label
 * @param position where the key stands; its right-hand side may have been read in an earlier line that has the same
 * @param specifications the signatures to make; empty means that the message is to leave unsigned
 */
public record MapMatch(String key, String keyDomain, Position position, List<SignatureSpecification> specifications) {
    /** Takes a copy of the specifications. */
    public MapMatch {
        specifications = List.copyOf(specifications);
    }
}
