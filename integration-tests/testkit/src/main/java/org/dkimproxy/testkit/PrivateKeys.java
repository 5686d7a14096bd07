package org.dkimproxy.testkit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.util.Base64;

/** New private keys, as PEM text (RFC 7468) and as files that only their owner can read. */
public final class PrivateKeys {
    private PrivateKeys() {}

    /** A new RSA key pair of 2048 bits. */
    public static KeyPair newRsa() {
        return newRsa(2048);
    }

    /** A new RSA key pair. */
    public static KeyPair newRsa(int bits) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(bits);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("no RSA in this JDK", e);
        }
    }

    /** A new Ed25519 key pair. */
    public static KeyPair newEd25519() {
        try {
            return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("no Ed25519 in this JDK", e);
        }
    }

    /** Writes a new RSA key of 2048 bits; returns the file. */
    public static Path writeNewRsa(Path file) throws IOException {
        return write(file, newRsa().getPrivate());
    }

    /** Writes a new Ed25519 key; returns the file. */
    public static Path writeNewEd25519(Path file) throws IOException {
        return write(file, newEd25519().getPrivate());
    }

    /** Writes a key as PKCS#8; returns the file. */
    public static Path write(Path file, PrivateKey key) throws IOException {
        return write(file, pkcs8(key));
    }

    /** Writes PEM text to a file that only its owner can read, in place of one that is there; returns the file. */
    public static Path write(Path file, String pem) throws IOException {
        Files.deleteIfExists(file);
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        return Files.writeString(file, pem, StandardCharsets.US_ASCII);
    }

    /** The PEM text of a key as PKCS#8. */
    public static String pkcs8(PrivateKey key) {
        return pem("PRIVATE KEY", key.getEncoded());
    }

    /**
     * One PEM block.
     *
     * @param label such as {@code PRIVATE KEY} or {@code CERTIFICATE}
     */
    public static String pem(String label, byte[] der) {
        return "-----BEGIN " + label + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
                + "\n-----END " + label + "-----\n";
    }
}
