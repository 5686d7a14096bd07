package org.dkimproxy.standalone.log;

import java.util.Locale;
import java.util.Optional;

/** How much a log line matters; the most important first, numbered as Net::Server numbers its log_level. */
public enum LogLevel {
    /** Work cannot go on. */
    ERROR(0, 3),
    /** Something an administrator should look at. */
    WARNING(1, 4),
    /** Normal but worth knowing. */
    NOTICE(2, 5),
    /** What became of each message. */
    INFO(3, 6),
    /** Each connection. */
    DEBUG(4, 7);

    private final int number;
    private final int priority;

    LogLevel(int number, int priority) {
        this.number = number;
        this.priority = priority;
    }

    /** The priority in the system log and in the journal: the severity of RFC 5424, from 0 to 7. */
    int priority() {
        return priority;
    }

    /** Whether it matters as much as the threshold or more. */
    boolean isWithin(LogLevel threshold) {
        return compareTo(threshold) <= 0;
    }

    /** The level of a word or of a number from 0 to 4. */
    public static Optional<LogLevel> ofText(String text) {
        for (LogLevel level : values()) {
            if (level.word().equalsIgnoreCase(text)
                    || Integer.toString(level.number).equals(text)) {
                return Optional.of(level);
            }
        }
        return Optional.empty();
    }

    /** The level as it is written in a conf file. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
