package org.dkimproxy.sendermap;

import java.util.Arrays;
import java.util.Optional;

/** The kinds of signature that a specification can ask for. */
enum SignatureType {
    DKIM,
    DOMAINKEYS;

    static Optional<SignatureType> named(String word) {
        return Arrays.stream(values())
                .filter(type -> Ascii.lower(type.name()).equals(Ascii.lower(word)))
                .findFirst();
    }
}
