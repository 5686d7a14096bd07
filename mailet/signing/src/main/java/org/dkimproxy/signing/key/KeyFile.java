package org.dkimproxy.signing.key;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.dkimproxy.signing.access.Exposure;
import org.dkimproxy.signing.access.TrustedUsers;
import org.dkimproxy.signing.access.WriteAccess;
import org.dkimproxy.signing.reload.FileStamp;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A key file and the key that was last read from it.
 *
 * <p>A file that was replaced is read again for the next message, or for one that comes ten milliseconds later. A
 * replacement that is missing, broken or of another kind is logged once and the previous key stays in use. The same octets
 * are decrypted once. Thread-safe.
 */
public final class KeyFile {
    private static final Logger LOG = LoggerFactory.getLogger(KeyFile.class);

    /**
     * Two writes closer than a file system's clock tick look alike, so a file this young is read again each time. As often a
     * file is tried again that gave no key, since not every file system reports each change.
     */
    private static final Duration SETTLED = Duration.ofSeconds(1);

    /** A settled file that was looked at less than this ago is taken to be as it was. */
    private static final long LOOKS_APART_NANOS = Duration.ofMillis(10).toNanos();

    private final Path path;
    private final Optional<Path> passphraseFile;
    private final TrustedUsers trusted;
    private final KeyFileReader reader;
    private final InstantSource clock;
    private final ReentrantLock reading = new ReentrantLock();
    private volatile Loaded loaded;
    private volatile long lastLook = System.nanoTime() - LOOKS_APART_NANOS;

    private KeyFile(
            Path path,
            Optional<Path> passphraseFile,
            TrustedUsers trusted,
            KeyFileReader reader,
            InstantSource clock,
            Loaded loaded) {
        this.path = path;
        this.passphraseFile = passphraseFile;
        this.trusted = trusted;
        this.reader = reader;
        this.clock = clock;
        this.loaded = loaded;
    }

    /**
     * Reads the key for the first time.
     *
     * @param passphraseFile its first line opens the key when that is encrypted
     * @param trusted the users who may change the file; a replacement that others can change causes a warning
     * @throws UnusableKeyException if a file cannot be read or holds no key to sign with
     */
    public static KeyFile open(Path path, Optional<Path> passphraseFile, TrustedUsers trusted)
            throws UnusableKeyException {
        return open(path, passphraseFile, trusted, new KeyFileReader(path, passphraseFile), InstantSource.system());
    }

    static KeyFile open(
            Path path, Optional<Path> passphraseFile, TrustedUsers trusted, KeyFileReader reader, InstantSource clock)
            throws UnusableKeyException {
        FileStamp stamp = FileStamp.of(path);
        KeyFileReader.Contents contents = reader.read();
        Loaded loaded = new Loaded(stamp, contents.fingerprint(), reader.open(contents), Optional.empty());
        return new KeyFile(path, passphraseFile, trusted, reader, clock, loaded);
    }

    /** The key as the file has it now, or as it last had a good one. */
    public SigningKey current() {
        Loaded known = loaded;
        long time = System.nanoTime();
        if (time - lastLook < LOOKS_APART_NANOS) {
            return known.key;
        }
        FileStamp now = FileStamp.of(path);
        if (isStill(known, now)) {
            if (known.failure.isEmpty()) {
                lastLook = time;
            }
            return known.key;
        }
        if (!now.equals(known.stamp)) {
            reading.lock();
            try {
                return readAgain(now);
            } finally {
                reading.unlock();
            }
        }
        // unchanged, so no other thread has to wait for the one that reads it
        if (!reading.tryLock()) {
            return known.key;
        }
        try {
            return readAgain(now);
        } finally {
            reading.unlock();
        }
    }

    /** The key as it was last read, without a look at the file. */
    public SigningKey lastRead() {
        return loaded.key;
    }

    /** Why the file gives no key, if that was so when it was last looked at; an older key is in use then. */
    public Optional<String> failure() {
        return loaded.failure.map(Failure::reason);
    }

    /** The file. */
    public Path path() {
        return path;
    }

    private boolean isStill(Loaded known, FileStamp stamp) {
        Instant now = clock.instant();
        return stamp.equals(known.stamp)
                && !stamp.changedWithin(SETTLED, now)
                && (known.failure.isEmpty() || known.failure.get().isStill(passphraseStamp(), now));
    }

    private FileStamp passphraseStamp() {
        return passphraseFile.map(FileStamp::of).orElse(FileStamp.ABSENT);
    }

    private SigningKey readAgain(FileStamp now) {
        Loaded before = loaded;
        if (isStill(before, now)) {
            return before.key;
        }
        Loaded after = replacement(before, now);
        loaded = after;
        return after.key;
    }

    private Loaded replacement(Loaded before, FileStamp now) {
        FileStamp passphrase = passphraseStamp();
        Instant time = clock.instant();
        String fingerprint = "";
        try {
            KeyFileReader.Contents contents = reader.read();
            fingerprint = contents.fingerprint();
            if (fingerprint.equals(before.fingerprint)) {
                if (before.failure.isEmpty() && !now.equals(before.stamp)) {
                    warnOfAccess();
                }
                return new Loaded(
                        now,
                        fingerprint,
                        before.key,
                        before.failure.map(same -> new Failure(same.reason, passphrase, time)));
            }
            SigningKey key = reader.open(contents);
            if (key.getClass() != before.key.getClass()) {
                throw new UnusableKeyException(
                        "an " + key.description(), "an " + before.key.description() + " as before");
            }
            tellOfReplacement(key);
            return new Loaded(now, fingerprint, key, Optional.empty());
        } catch (UnusableKeyException unusable) {
            Failure failure = new Failure(unusable.of(path), passphrase, time);
            // the stamp does not show whether this was logged: the file may have been replaced after that was taken
            if (!fingerprint.equals(before.fingerprint)
                    || before.failure.filter(failure::isAlike).isEmpty()) {
                LOG.warn("{}; the previous key stays in use", failure.reason);
            }
            return new Loaded(now, fingerprint, before.key, Optional.of(failure));
        }
    }

    private void tellOfReplacement(SigningKey key) {
        LOG.info("key file {} was replaced: {} in use", path, key.description());
        if (key instanceof SigningKey.Rsa rsa && rsa.isWeak()) {
            LOG.warn(
                    "key file {}: found an {}, expected 2048 bits or more (RFC 8301 section 3.2)",
                    path,
                    key.description());
        }
        warnOfAccess();
    }

    private void warnOfAccess() {
        try {
            SecretFile.modeOpenToAll(path)
                    .ifPresent(mode -> LOG.warn(
                            "key file {}: found a file that everyone can read ({}), expected one that only its owner and"
                                    + " group can read",
                            path,
                            mode));
        } catch (IOException vanished) {
            LOG.debug("key file {}: its mode cannot be read", path, vanished);
        }
        for (Exposure exposure : new WriteAccess(trusted).of(path)) {
            LOG.warn("found {}, expected {}", exposure.found("key file " + path), exposure.expected());
        }
    }

    /**
     * What is in use.
     *
     * @param stamp the state of the file when it was last looked at
     * @param fingerprint of what it held then; empty if that could not be read
     * @param key the last good one
     * @param failure that file gave no key
     */
    private record Loaded(FileStamp stamp, String fingerprint, SigningKey key, Optional<Failure> failure) {}

    /**
     * A try that gave no key.
     *
     * @param reason in words
     * @param passphrase the state of the passphrase file then
     */
    private record Failure(String reason, FileStamp passphrase, Instant time) {
        boolean isAlike(Failure other) {
            return reason.equals(other.reason) && passphrase.equals(other.passphrase);
        }

        /** Whether another try is not worth its while yet. */
        boolean isStill(FileStamp passphraseNow, Instant now) {
            return passphraseNow.equals(passphrase)
                    && !passphraseNow.changedWithin(SETTLED, now)
                    && Duration.between(time, now).abs().compareTo(SETTLED) < 0;
        }
    }
}
