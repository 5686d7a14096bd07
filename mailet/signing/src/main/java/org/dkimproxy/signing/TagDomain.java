package org.dkimproxy.signing;

import java.util.Optional;
import org.dkimproxy.sendermap.DomainNames;

/** A name as it goes in a d=, i= or s= tag. */
final class TagDomain {
    private TagDomain() {}

    /**
     * The domain as it was written when that is US-ASCII, else in A-labels (RFC 8616 section 4).
     *
     * @return nothing if it is not a host name
     */
    static Optional<String> of(String domain) {
        return DomainNames.toALabels(domain).map(labels -> isAscii(domain) ? domain : labels);
    }

    private static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= 0x80) {
                return false;
            }
        }
        return true;
    }
}
