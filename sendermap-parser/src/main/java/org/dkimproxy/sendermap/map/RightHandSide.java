package org.dkimproxy.sendermap.map;

import java.util.List;
import org.dkimproxy.sendermap.dkim.SignatureSpecification;

/**
 * The value of a key of a map. The same text after several keys is one right-hand side, whose places are those of the line where it stands first.
 *
 * @param specifications the signatures
 * @param moreLines in how many other lines it stands
 */
public record RightHandSide(List<SignatureSpecification> specifications, int moreLines) {
    /** Takes a copy of the specifications. */
    public RightHandSide {
        specifications = List.copyOf(specifications);
    }
}
