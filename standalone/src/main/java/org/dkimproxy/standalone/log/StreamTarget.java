package org.dkimproxy.standalone.log;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** Lines on a stream, each in one write, in UTF-8, without time or level: whoever collects them adds those. */
final class StreamTarget implements LogTarget {
    private final PrintStream stream;

    StreamTarget(PrintStream stream) {
        this.stream = stream;
    }

    @Override
    public void write(LogLevel level, String line) {
        byte[] octets = (line + "\n").getBytes(StandardCharsets.UTF_8);
        stream.write(octets, 0, octets.length);
        stream.flush();
    }
}
