package org.dkimproxy.signing.key;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A key file and the key that was last read from it.
 *
 * <p>A file that was replaced is read again for the next message. A replacement that is missing, broken or of another kind
 * is logged once and the key before it stays in use. Thread-safe.
 */
public final class KeyFile {
    private static final Logger LOG = LoggerFactory.getLogger(KeyFile.class);

    /** Two writes closer than a file system's clock tick look alike, so a file this young is read again each time. */
    private static final Duration SETTLED = Duration.ofSeconds(1);

    /** No key is longer; anything larger was named by mistake. */
    private static final int LARGEST = 1 << 20;

    private final Path path;
    private final Optional<Path> passphraseFile;
    private final ReentrantLock reading = new ReentrantLock();
    private volatile Loaded loaded;

    private KeyFile(Path path, Optional<Path> passphraseFile, Loaded loaded) {
        this.path = path;
        this.passphraseFile = passphraseFile;
        this.loaded = loaded;
    }

    /**
     * Reads the key for the first time.
     *
     * @param passphraseFile its first line opens the key when that is encrypted
     * @throws UnusableKeyException if a file cannot be read or holds no key to sign with
     */
    public static KeyFile open(Path path, Optional<Path> passphraseFile) throws UnusableKeyException {
        Stamp stamp = Stamp.of(path);
        return new KeyFile(path, passphraseFile, new Loaded(stamp, read(path, passphraseFile), true));
    }

    /** The key as the file has it now, or as it last had a good one. */
    public SigningKey current() {
        Loaded known = loaded;
        Stamp now = Stamp.of(path);
        return known.isStill(now) ? known.key : readAgain(now);
    }

    /** The file. */
    public Path path() {
        return path;
    }

    private SigningKey readAgain(Stamp now) {
        reading.lock();
        try {
            Loaded before = loaded;
            if (before.isStill(now)) {
                return before.key;
            }
            Loaded after = replacement(before, now);
            loaded = after;
            return after.key;
        } finally {
            reading.unlock();
        }
    }

    private Loaded replacement(Loaded before, Stamp now) {
        boolean news = !now.equals(before.stamp);
        try {
            SigningKey key = read(path, passphraseFile);
            if (key.getClass() != before.key.getClass()) {
                throw new UnusableKeyException(
                        "an " + key.description(), "an " + before.key.description() + " as before");
            }
            if (news || !before.fromFile) {
                LOG.info("key file {} was replaced: {} in use", path, key.description());
            }
            return new Loaded(now, key, true);
        } catch (UnusableKeyException unusable) {
            if (news) {
                LOG.warn("key file {}: {}; the key before it stays in use", path, unusable.getMessage());
            }
            return new Loaded(now, before.key, false);
        }
    }

    private static SigningKey read(Path path, Optional<Path> passphraseFile) throws UnusableKeyException {
        byte[] pem = readAll(path, "a key file");
        Optional<String> passphrase = Optional.empty();
        if (passphraseFile.isPresent()) {
            byte[] text = readAll(passphraseFile.get(), "a key_passphrase_file " + passphraseFile.get());
            passphrase = new String(text, StandardCharsets.UTF_8).lines().findFirst();
        }
        return KeyReader.read(pem, passphrase);
    }

    /** @param what names the file in words; the caller tells the path of the key file */
    private static byte[] readAll(Path path, String what) throws UnusableKeyException {
        String expected = "one that can be read";
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

    /**
     * What is in use.
     *
     * @param stamp the state of the file when it was last looked at
     * @param fromFile whether the file in that state gave the key; if not it is tried again for each message, since neither
     *     a chmod nor a new passphrase changes its stamp
     */
    private record Loaded(Stamp stamp, SigningKey key, boolean fromFile) {
        boolean isStill(Stamp now) {
            return fromFile && now.equals(stamp) && now.isSettled();
        }
    }

    /** What tells one state of a file from another; all null when it cannot be looked at. */
    private record Stamp(
            @Nullable FileTime modified,
            long size,
            @Nullable Object fileKey) {
        static Stamp of(Path path) {
            try {
                BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
                return new Stamp(attributes.lastModifiedTime(), attributes.size(), attributes.fileKey());
            } catch (IOException gone) {
                return new Stamp(null, -1, null);
            }
        }

        boolean isSettled() {
            return modified == null
                    || Duration.between(modified.toInstant(), Instant.now())
                                    .abs()
                                    .compareTo(SETTLED)
                            > 0;
        }
    }
}
