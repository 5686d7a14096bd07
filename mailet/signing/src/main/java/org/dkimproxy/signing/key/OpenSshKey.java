package org.dkimproxy.signing.key;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A private key in the format of OpenSSH (its PROTOCOL.key): not read, but named, with the command that makes PEM of it. */
final class OpenSshKey {
    static final String TYPE = "OPENSSH PRIVATE KEY";

    private static final byte[] MAGIC = "openssh-key-v1\0".getBytes(StandardCharsets.US_ASCII);

    private OpenSshKey() {}

    static UnusableKeyException unusable(byte[] content) {
        String kind = kind(content);
        return switch (kind) {
            case "ssh-rsa" ->
                new UnusableKeyException(
                        "an RSA private key in the format of OpenSSH", "PEM: run ssh-keygen -p -m PEM -f FILE");
            case "ssh-ed25519" ->
                new UnusableKeyException(
                        "an Ed25519 private key in the format of OpenSSH",
                        "PEM: make a new key, as dkimproxy-keygen does, since ssh-keygen does not convert this one");
            default ->
                new UnusableKeyException(
                        "a private key in the format of OpenSSH", "a PEM file with an RSA or Ed25519 private key");
        };
    }

    /** The type of the first public key; empty if there is none. It is not encrypted, even where the private key is. */
    private static String kind(byte[] content) {
        try {
            ByteBuffer buffer = ByteBuffer.wrap(content);
            byte[] magic = new byte[MAGIC.length];
            buffer.get(magic);
            if (!Arrays.equals(magic, MAGIC)) {
                return "";
            }
            // cipher, key derivation function and its options, then the number of keys
            for (int skipped = 0; skipped < 3; skipped++) {
                string(buffer);
            }
            buffer.getInt();
            return new String(string(ByteBuffer.wrap(string(buffer))), StandardCharsets.US_ASCII);
        } catch (BufferUnderflowException cut) {
            return "";
        }
    }

    private static byte[] string(ByteBuffer buffer) {
        int length = buffer.getInt();
        if (length < 0 || length > buffer.remaining()) {
            throw new BufferUnderflowException();
        }
        byte[] string = new byte[length];
        buffer.get(string);
        return string;
    }
}
