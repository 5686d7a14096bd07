package org.dkimproxy.sendermap.dkim;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.dkimproxy.sendermap.text.Ascii;

/** The canonicalizations of DomainKeys (RFC 4870 section 3.4.2). */
public enum DomainKeysMethod {
    /** Nothing but the empty lines at the end is left out (RFC 4870 section 3.4.2.1). */
    SIMPLE,
    /** No folding white space counts (RFC 4870 section 3.4.2.2). */
    NOFWS;

    /** The value of the c= tag. */
    public String tag() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The method of this c= value, without regard to case. */
    public static Optional<DomainKeysMethod> ofTag(String tag) {
        return Arrays.stream(values())
                .filter(method -> method.tag().equals(Ascii.lower(tag)))
                .findFirst();
    }
}
