package org.dkimproxy.standalone.log;

import java.io.PrintStream;

/** Log lines on a stream; a line is written when {@link #log} returns. */
public final class StderrLog implements AdjustableLog {
    private final StreamTarget target;
    private volatile LogLevel threshold;

    /** Writes lines of {@code threshold} and of what is more important. */
    public StderrLog(PrintStream stream, LogLevel threshold) {
        this.target = new StreamTarget(stream);
        this.threshold = threshold;
    }

    /** Follows the level; all lines go to the stream, and other destinations are ignored. */
    @Override
    public void adjust(LogSettings settings) {
        threshold = settings.threshold();
    }

    @Override
    public void log(LogLevel level, String message) {
        if (isWanted(level)) {
            target.write(level, LogLine.of(message));
        }
    }

    @Override
    public boolean isWanted(LogLevel level) {
        return level.isWithin(threshold);
    }

    @Override
    public void flush() {
        // every line is written at once
    }
}
