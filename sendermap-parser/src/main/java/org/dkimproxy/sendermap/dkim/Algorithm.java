package org.dkimproxy.sendermap.dkim;

import java.util.Arrays;
import java.util.Optional;
import org.dkimproxy.sendermap.text.Ascii;

/** The signature algorithms of DKIM, by the names of their a= tag (RFC 6376 section 3.3, RFC 8463 section 3). */
public enum Algorithm {
    /** RSA over SHA-1. RFC 8301 forbids it to signers; DomainKeys knows no other (RFC 4870 section 3.3). */
    RSA_SHA1("rsa-sha1"),
    /** RSA over SHA-256. */
    RSA_SHA256("rsa-sha256"),
    /** Ed25519 over SHA-256 (RFC 8463). */
    ED25519_SHA256("ed25519-sha256");

    private final String tag;

    Algorithm(String tag) {
        this.tag = tag;
    }

    /** The value of the a= tag. */
    public String tag() {
        return tag;
    }

    /** The algorithm of this a= value, without regard to case. */
    public static Optional<Algorithm> ofTag(String tag) {
        return Arrays.stream(values())
                .filter(algorithm -> algorithm.tag.equals(Ascii.lower(tag)))
                .findFirst();
    }
}
