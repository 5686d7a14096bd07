package org.dkimproxy.signing;

import java.util.Optional;
import org.dkimproxy.sendermap.dkim.DomainNames;

/** A name as it goes in a d=, i= or s= tag. */
public final class TagDomain {
    private TagDomain() {}

    /**
     * The domain as it was written when that is US-ASCII, else in A-labels (RFC 8616 section 4).
     *
     * @return nothing if it is not a host name
     */
    public static Optional<String> of(String domain) {
        return DomainNames.toALabels(domain).map(labels -> differOnlyInCase(labels, domain) ? domain : labels);
    }

    /** Without regard to the case of US-ASCII, so what they hold is US-ASCII. */
    private static boolean differOnlyInCase(String labels, String domain) {
        return labels.length() == domain.length() && DomainNames.isWithin(labels, domain);
    }
}
