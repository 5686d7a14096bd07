package org.dkimproxy.standalone.log;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * Lines on a stream, each in one write, in UTF-8, without time, which the collector of the stream adds. The level is written for the
 * journal only.
 */
final class StreamTarget implements LogTarget {
    private final PrintStream stream;
    private final boolean isJournal;

    StreamTarget(PrintStream stream) {
        this(stream, false);
    }

    /** @param isJournal whether the journal of systemd reads the stream, so that each line begins with its priority */
    StreamTarget(PrintStream stream, boolean isJournal) {
        this.stream = stream;
        this.isJournal = isJournal;
    }

    @Override
    public void write(LogLevel level, String line) {
        String written = isJournal ? Journal.prefixed(level, line) : line;
        byte[] octets = (written + "\n").getBytes(StandardCharsets.UTF_8);
        stream.write(octets, 0, octets.length);
        stream.flush();
    }
}
