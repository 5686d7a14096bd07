package org.dkimproxy.standalone.log;

import java.io.IOException;

/** One place where log lines end up, in the order in which they were written. Used by one thread at a time. */
interface LogTarget {
    /**
     * Writes one line; may take as long as the place makes it wait.
     *
     * @param line fit for a log, see {@link LogLine}; without a line end
     * @throws IOException if the line is lost
     */
    void write(LogLevel level, String line) throws IOException;
}
