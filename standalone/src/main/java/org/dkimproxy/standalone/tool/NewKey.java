package org.dkimproxy.standalone.tool;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.util.Base64;
import java.util.Optional;
import org.dkimproxy.signing.key.PemKeyParser;
import org.dkimproxy.signing.key.PublishedKey;
import org.dkimproxy.signing.key.UnusableKeyException;

/** A key pair that was just made. */
final class NewKey {
    private static final int PEM_COLUMNS = 64;

    private final byte[] pem;
    private final PublishedKey published;

    private NewKey(byte[] pem, PublishedKey published) {
        this.pem = pem;
        this.published = published;
    }

    /**
     * Makes one. What is published is taken from the text as the signer will read it.
     *
     * @param bits length of an RSA key; empty for an Ed25519 key
     */
    static NewKey make(Optional<Integer> bits) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(bits.isPresent() ? "RSA" : "Ed25519");
        if (bits.isPresent()) {
            generator.initialize(bits.get());
        }
        Base64.Encoder lines = Base64.getMimeEncoder(PEM_COLUMNS, new byte[] {'\n'});
        String body =
                lines.encodeToString(generator.generateKeyPair().getPrivate().getEncoded());
        byte[] pem = ("-----BEGIN PRIVATE KEY-----\n" + body + "\n-----END PRIVATE KEY-----\n")
                .getBytes(StandardCharsets.US_ASCII);
        try {
            return new NewKey(
                    pem, PemKeyParser.read(pem, Optional.empty()).publishedKey().orElseThrow());
        } catch (UnusableKeyException unusable) {
            throw new GeneralSecurityException(unusable);
        }
    }

    /** The private key: PKCS#8 in PEM (RFC 7468 section 10). */
    byte[] pem() {
        return pem.clone();
    }

    /** The public key. */
    PublishedKey published() {
        return published;
    }
}
