package org.dkimproxy.standalone;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.util.Base64;

/** Keys for tests. */
public final class Keys {
    private Keys() {}

    /** Writes a new private RSA key, PEM. */
    public static Path write(Path file) throws IOException, GeneralSecurityException {
        return write(file, "RSA");
    }

    /** Writes a new private key of this kind, RSA or Ed25519, PEM. */
    public static Path write(Path file, String kind) throws IOException, GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(kind);
        if (kind.equals("RSA")) {
            generator.initialize(2048);
        }
        byte[] key = generator.generateKeyPair().getPrivate().getEncoded();
        return Files.writeString(
                file,
                "-----BEGIN PRIVATE KEY-----\n"
                        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key)
                        + "\n-----END PRIVATE KEY-----\n");
    }
}
