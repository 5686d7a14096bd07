package org.dkimproxy.standalone.log;

import java.util.function.Supplier;

/**
 * Where log lines go. Thread-safe. A line may hold text of a mail: the target makes it a {@link LogLine}, so
 * that no text can begin a line of its own or reach a terminal's control codes.
 */
public interface DkimproxyLog {
    /** Writes one line if the level is wanted. Never throws because a line cannot be written. */
    void log(LogLevel level, String message);

    /** Whether lines of this level are written at all. */
    boolean isWanted(LogLevel level);

    /** A line of level {@link LogLevel#ERROR}. */
    default void error(String message) {
        log(LogLevel.ERROR, message);
    }

    /** A line of level {@link LogLevel#WARNING}. */
    default void warning(String message) {
        log(LogLevel.WARNING, message);
    }

    /** A line of level {@link LogLevel#NOTICE}. */
    default void notice(String message) {
        log(LogLevel.NOTICE, message);
    }

    /** A line of level {@link LogLevel#INFO}. */
    default void info(String message) {
        log(LogLevel.INFO, message);
    }

    /** A line of level {@link LogLevel#DEBUG}. */
    default void debug(String message) {
        log(LogLevel.DEBUG, message);
    }

    /** A line that is made only if its level is wanted; for one that nearly every session or message has. */
    default void log(LogLevel level, Supplier<String> message) {
        if (isWanted(level)) {
            log(level, message.get());
        }
    }
}
