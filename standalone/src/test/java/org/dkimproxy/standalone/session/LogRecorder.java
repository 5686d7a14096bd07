package org.dkimproxy.standalone.session;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.dkimproxy.standalone.log.DkimproxyLog;
import org.dkimproxy.standalone.log.LogLevel;

/** Keeps log lines, as {@code level message}. */
public final class LogRecorder implements DkimproxyLog {
    private final List<String> lines = new CopyOnWriteArrayList<>();

    @Override
    public void log(LogLevel level, String message) {
        lines.add(level.word() + " " + message);
    }

    @Override
    public boolean isWanted(LogLevel level) {
        return true;
    }

    public List<String> lines() {
        return List.copyOf(lines);
    }
}
