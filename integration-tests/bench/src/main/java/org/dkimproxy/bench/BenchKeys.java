package org.dkimproxy.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.util.Base64;

/** Keys for one run: RSA of 2048 bits, and Ed25519. */
record BenchKeys(PrivateKey rsa, PrivateKey ed25519) {
    static BenchKeys generate() throws GeneralSecurityException {
        return new BenchKeys(
                newRsa(),
                KeyPairGenerator.getInstance("Ed25519").generateKeyPair().getPrivate());
    }

    static PrivateKey newRsa() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        return generator.generateKeyPair().getPrivate();
    }

    /** Writes a key as PKCS#8 in PEM, for its owner alone. */
    static Path write(PrivateKey key, Path file) throws IOException {
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key.getEncoded());
        return Files.writeString(
                file,
                "-----BEGIN PRIVATE KEY-----\n" + base64 + "\n-----END PRIVATE KEY-----\n",
                StandardCharsets.US_ASCII);
    }
}
