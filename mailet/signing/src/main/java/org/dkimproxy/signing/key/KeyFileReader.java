package org.dkimproxy.signing.key;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/** Reads a key file in two steps: its octets, which is quick, and then the key in them, which takes a while if it is encrypted. */
class KeyFileReader {
    /** No key is longer; anything larger was named by mistake. */
    private static final int MAXIMUM = 1 << 20;

    private final Path path;
    private final Optional<Path> passphraseFile;

    KeyFileReader(Path path, Optional<Path> passphraseFile) {
        this.path = path;
        this.passphraseFile = passphraseFile;
    }

    /** What the files hold: the octets of the key file, and the first line of the passphrase file. */
    static final class Contents {
        private final byte[] pem;
        private final Optional<String> passphrase;

        private Contents(byte[] pem, Optional<String> passphrase) {
            this.pem = pem;
            this.passphrase = passphrase;
        }

        /** Tells these contents from others; the same ones give the same key. */
        String fingerprint() {
            try {
                MessageDigest digest = MessageDigest.getInstance("SHA-256");
                digest.update(digest.digest(pem));
                passphrase.ifPresent(text -> digest.update(text.getBytes(StandardCharsets.UTF_8)));
                return HexFormat.of().formatHex(digest.digest());
            } catch (NoSuchAlgorithmException everyJavaHasIt) {
                throw new IllegalStateException(everyJavaHasIt);
            }
        }
    }

    Contents read() throws UnusableKeyException {
        byte[] pem = readAll(path, "key file");
        Optional<String> passphrase = Optional.empty();
        if (passphraseFile.isPresent()) {
            byte[] text = readAll(passphraseFile.get(), "key_passphrase_file");
            passphrase = new String(text, StandardCharsets.UTF_8).lines().findFirst();
        }
        return new Contents(pem, passphrase);
    }

    SigningKey open(Contents contents) throws UnusableKeyException {
        return PemKeyParser.read(contents.pem, contents.passphrase);
    }

    private static byte[] readAll(Path path, String kind) throws UnusableKeyException {
        if (Files.exists(path) && !Files.isRegularFile(path)) {
            throw unreadable(kind, path, Files.isDirectory(path) ? "Is a directory" : "it is not a regular file");
        }
        try (var in = Files.newInputStream(path)) {
            byte[] content = in.readNBytes(MAXIMUM + 1);
            if (content.length > MAXIMUM) {
                throw unreadable(kind, path, "it is larger than " + MAXIMUM + " bytes");
            }
            return content;
        } catch (IOException e) {
            throw unreadable(kind, path, FileErrors.describe(e));
        }
    }

    private static UnusableKeyException unreadable(String kind, Path path, String reason) {
        return new UnusableKeyException(FileErrors.cannotRead(kind, path.toString(), reason));
    }
}
