package org.dkimproxy.signing.reload;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps files that are being written out of use. A reading counts if no file changed meanwhile. One in which a map or conf file
 * has lost most of its entries counts if it was requested, or if a look {@link #HOLD} later found the same files. Used by one
 * thread.
 */
final class ShrinkReview {
    /** How long files that have lost most of their entries must stay the same. */
    static final Duration HOLD = Duration.ofSeconds(2);

    private static final Logger LOG = LoggerFactory.getLogger(ShrinkReview.class);

    private EntryCounts inUse;
    private Optional<FileStamps> held = Optional.empty();

    /** @param inUse the entries of the configuration in use */
    ShrinkReview(EntryCounts inUse) {
        this.inUse = inUse;
    }

    /** What a reading came to. */
    enum Verdict {
        /** It counts. */
        ADMITTED,
        /** A file changed while it was read. */
        CHANGED,
        /** The next look decides. */
        HELD
    }

    /**
     * Judges a reading.
     *
     * @param isRequested whether an administrator asked for it
     * @param looked what was seen before the reading began
     */
    Verdict judge(boolean isRequested, FileStamps looked, FileStamps files, EntryCounts entries) {
        if (!looked.again().equals(looked) || !files.again().equals(files)) {
            return Verdict.CHANGED;
        }
        List<EntryCounts.Shrunk> shrunk = entries.shrunkSince(inUse);
        boolean isConfirmed = held.filter(files::equals).isPresent();
        if (shrunk.isEmpty() || isRequested || isConfirmed) {
            String reason = isRequested ? "a reload was requested" : "the file stayed the same";
            shrunk.forEach(file -> LOG.warn(
                    "file {}: entries fell from {} to {}; taken, since {}",
                    file.file(),
                    file.before(),
                    file.now(),
                    reason));
            held = Optional.empty();
            return Verdict.ADMITTED;
        }
        shrunk.forEach(file -> LOG.warn(
                "file {}: entries fell from {} to {}; the previous configuration stays active unless the file stays the"
                        + " same for {} s",
                file.file(),
                file.before(),
                file.now(),
                HOLD.toSeconds()));
        held = Optional.of(files);
        return Verdict.HELD;
    }

    /** A configuration with these entries is in use. */
    void use(EntryCounts entries) {
        inUse = entries;
    }
}
