package org.dkimproxy.standalone.log;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;

/** A logger of SLF4J that writes the message, and an exception in one line; what libraries say to their developers is left out. */
final class BridgedLogger extends LegacyAbstractLogger {
    private static final long serialVersionUID = 1L;

    private final transient Supplier<DkimproxyLog> log;

    BridgedLogger(String name, Supplier<DkimproxyLog> log) {
        this.name = name;
        this.log = log;
    }

    @Override
    protected void handleNormalizedLoggingCall(
            Level level,
            @Nullable Marker marker,
            String pattern,
            @Nullable Object @Nullable [] arguments,
            @Nullable Throwable throwable) {
        String message = MessageFormatter.basicArrayFormat(pattern, arguments);
        log.get().log(levelOf(level), throwable == null ? message : message + ": " + Faults.describe(throwable));
    }

    @Override
    protected @Nullable String getFullyQualifiedCallerName() {
        return null;
    }

    @Override
    public boolean isTraceEnabled() {
        return false;
    }

    @Override
    public boolean isDebugEnabled() {
        return false;
    }

    @Override
    public boolean isInfoEnabled() {
        return log.get().isWanted(LogLevel.INFO);
    }

    @Override
    public boolean isWarnEnabled() {
        return log.get().isWanted(LogLevel.WARNING);
    }

    @Override
    public boolean isErrorEnabled() {
        return log.get().isWanted(LogLevel.ERROR);
    }

    private static LogLevel levelOf(Level level) {
        return switch (level) {
            case ERROR -> LogLevel.ERROR;
            case WARN -> LogLevel.WARNING;
            case INFO -> LogLevel.INFO;
            case DEBUG, TRACE -> LogLevel.DEBUG;
        };
    }
}
