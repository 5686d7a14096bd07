package org.dkimproxy.standalone.log;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** Log lines on a stream, each in one write, in UTF-8, without time or level: whoever collects them adds those. */
public final class StderrLog implements DkimproxyLog {
    private final PrintStream stream;
    private final LogLevel threshold;

    /** Writes lines of {@code threshold} and of what is more important. */
    public StderrLog(PrintStream stream, LogLevel threshold) {
        this.stream = stream;
        this.threshold = threshold;
    }

    @Override
    public void log(LogLevel level, String message) {
        if (isWanted(level)) {
            byte[] line = (LogLine.of(message) + "\n").getBytes(StandardCharsets.UTF_8);
            stream.write(line, 0, line.length);
            stream.flush();
        }
    }

    @Override
    public boolean isWanted(LogLevel level) {
        return level.compareTo(threshold) <= 0;
    }
}
