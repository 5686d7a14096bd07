package org.dkimproxy.standalone.log;

import java.io.IOException;

/** A log that is there before its settings are known, and follows them when they change. */
public interface AdjustableLog extends DkimproxyLog {
    /**
     * Follows these settings from now on, as far as it can while it is in use.
     *
     * @throws IOException if lines cannot go where they are to go; its message is for a person and names the place
     */
    void adjust(LogSettings settings) throws IOException;

    /** Waits, for a bounded time, until the lines so far are written. */
    void flush();
}
