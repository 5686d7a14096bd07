package org.dkimproxy.standalone.log;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What is logged, and where. Standard error always gets every line.
 *
 * @param threshold lines of this level and of what is more important are written
 * @param destination where lines go beside standard error
 * @param syslog how the system log is opened, if lines go there
 * @param tracesConversations whether what is sent and received by SMTP is written, at level debug
 * @param namesSessions whether lines of a session end with its id, which dkimproxy 1.4 has not
 */
public record LogSettings(
        LogLevel threshold,
        Destination destination,
        SyslogSettings syslog,
        boolean tracesConversations,
        boolean namesSessions) {
    /** Where lines go beside standard error. */
    public sealed interface Destination {
        /** Nowhere. */
        record None() implements Destination {}

        /** The system log. */
        record SystemLog() implements Destination {}

        /**
         * A file, to whose end lines are added.
         *
         * @param path absolute
         */
        record File(Path path) implements Destination {}
    }

    /** What holds without any option. */
    public static final LogSettings STANDARD =
            new LogSettings(LogLevel.DEBUG, new Destination.None(), SyslogSettings.STANDARD, false, true);

    /** These settings for a process in the background: lines go to the system log if to no file. */
    public LogSettings inBackground() {
        return destination instanceof Destination.None
                ? new LogSettings(threshold, new Destination.SystemLog(), syslog, tracesConversations, namesSessions)
                : this;
    }

    /** Why lines cannot go where they are to go, for a person; empty if nothing speaks against it. */
    public Optional<String> obstacle() {
        return destination instanceof Destination.File(var path) ? LogFile.obstacle(path) : Optional.empty();
    }
}
