package org.dkimproxy.signing.key;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.dkimproxy.sendermap.dkim.Algorithm;

/** The digests of signature algorithms. */
public enum Digest {
    /** Of rsa-sha1 (RFC 6376 section 3.3.1). */
    SHA_1("SHA-1"),
    /** Of all others (RFC 6376 section 3.3.2, RFC 8463 section 3). */
    SHA_256("SHA-256");

    private final String javaName;
    /** Only ever copied. */
    @SuppressWarnings("ImmutableEnumChecker")
    private final MessageDigest unused;

    Digest(String javaName) {
        this.javaName = javaName;
        this.unused = ask(javaName);
    }

    /** That of an algorithm. */
    public static Digest of(Algorithm algorithm) {
        return switch (algorithm) {
            case RSA_SHA1 -> SHA_1;
            case RSA_SHA256, ED25519_SHA256 -> SHA_256;
        };
    }

    /** A digest of nothing so far. To copy one is faster than to ask for it. */
    public MessageDigest begin() {
        try {
            return (MessageDigest) unused.clone();
        } catch (CloneNotSupportedException notThisProvider) {
            return ask(javaName);
        }
    }

    private static MessageDigest ask(String javaName) {
        try {
            return MessageDigest.getInstance(javaName);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has " + javaName, impossible);
        }
    }
}
