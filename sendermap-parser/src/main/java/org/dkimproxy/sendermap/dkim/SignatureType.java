package org.dkimproxy.sendermap.dkim;

import java.util.Arrays;
import java.util.Optional;
import org.dkimproxy.sendermap.text.Ascii;

/** The kinds of signature that a specification can ask for. */
public enum SignatureType {
    DKIM,
    DOMAINKEYS;

    static Optional<SignatureType> named(String word) {
        return Arrays.stream(values())
                .filter(type -> Ascii.lower(type.name()).equals(Ascii.lower(word)))
                .findFirst();
    }
}
