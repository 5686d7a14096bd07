package org.dkimproxy.signing.reload;

import java.util.Optional;

/** A configuration that can be read again. */
@FunctionalInterface
public interface Reloadable {
    /**
     * What came of a reading.
     *
     * @param files those to watch from then on, as they were before they were read
     * @param inUse how many entries they have; empty unless the configuration is in use now
     */
    record Outcome(FileStamps files, Optional<EntryCounts> inUse) {}

    /** Reads everything, and if {@code review} admits it, logs the problems and puts it in use unless one is an error. */
    Outcome reload(ReloadReview review);
}
