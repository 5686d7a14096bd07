package org.dkimproxy.standalone.options;

import java.nio.file.Path;
import java.util.Optional;

/**
 * How the process runs.
 *
 * @param pidFile where its number is written; nowhere if empty
 */
public record DaemonSettings(Optional<Path> pidFile) {
    /** Reads them; problems are left in {@code values}. */
    public static DaemonSettings read(OptionValues values) {
        return new DaemonSettings(values.path("pidfile"));
    }
}
