package org.dkimproxy.signing.key;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/** Reads a key file in two steps: its octets, which is quick, and then the key in them, which takes a while if it is encrypted. */
class KeyFileReader {
    /** No key is longer; anything larger was named by mistake. */
    private static final int LARGEST = 1 << 20;

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
        byte[] pem = readAll(path, "a key file");
        Optional<String> passphrase = Optional.empty();
        if (passphraseFile.isPresent()) {
            byte[] text = readAll(passphraseFile.get(), "a key_passphrase_file " + passphraseFile.get());
            passphrase = new String(text, StandardCharsets.UTF_8).lines().findFirst();
        }
        return new Contents(pem, passphrase);
    }

    SigningKey open(Contents contents) throws UnusableKeyException {
        return PemKeyParser.read(contents.pem, contents.passphrase);
    }

    /** @param what names the file in words; the caller tells the path of the key file */
    private static byte[] readAll(Path path, String what) throws UnusableKeyException {
        String expected = "one that can be read";
        if (Files.isDirectory(path)) {
            throw new UnusableKeyException(what + " that is a directory", "the path of the file in it");
        }
        if (Files.exists(path) && !Files.isRegularFile(path)) {
            throw new UnusableKeyException(what + " that is no file", expected);
        }
        try (var in = Files.newInputStream(path)) {
            byte[] content = in.readNBytes(LARGEST + 1);
            if (content.length > LARGEST) {
                throw new UnusableKeyException(what + " of over " + LARGEST + " octets", expected);
            }
            return content;
        } catch (NoSuchFileException missing) {
            throw new UnusableKeyException(what + " that does not exist", expected);
        } catch (IOException unreadable) {
            throw new UnusableKeyException(
                    what + " that cannot be read (" + FileErrors.describe(unreadable) + ")", expected);
        }
    }
}
