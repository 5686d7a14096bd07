package org.dkimproxy.standalone.log;

/** A log that can be replaced while it is in use, when a configuration with another level is read. */
public final class SwitchableLog implements DkimproxyLog {
    private volatile DkimproxyLog target;

    /** Writes to this log at first. */
    public SwitchableLog(DkimproxyLog target) {
        this.target = target;
    }

    /** From now on lines go to this log. */
    public void sendTo(DkimproxyLog log) {
        target = log;
    }

    @Override
    public void log(LogLevel level, String message) {
        target.log(level, message);
    }

    @Override
    public boolean isWanted(LogLevel level) {
        return target.isWanted(level);
    }
}
