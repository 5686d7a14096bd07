package org.dkimproxy.standalone.log;

import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.ILoggerFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings to the program's log what the engine and libraries log through SLF4J. SLF4J makes one of it; until the program
 * names its log, lines go to standard error.
 */
public final class LogBridge implements ILoggerFactory {
    private final AtomicReference<DkimproxyLog> target =
            new AtomicReference<>(new StderrLog(System.err, LogLevel.WARNING));

    LogBridge() {}

    /** Has SLF4J take it by its name, for a program whose start is waited for: else every jar is opened to look for one. */
    public static void beFound() {
        System.setProperty("slf4j.provider", LogBridgeProvider.class.getName());
        System.setProperty("slf4j.internal.verbosity", "WARN");
    }

    /** From now on all loggers write to this log, unless SLF4J has found another provider. */
    public static void sendLibrariesTo(DkimproxyLog log) {
        if (LoggerFactory.getILoggerFactory() instanceof LogBridge bridge) {
            bridge.target.set(log);
        }
    }

    @Override
    public Logger getLogger(String name) {
        return new BridgedLogger(name, target::get);
    }
}
