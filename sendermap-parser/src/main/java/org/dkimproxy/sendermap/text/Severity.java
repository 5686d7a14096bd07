package org.dkimproxy.sendermap.text;

import java.util.Locale;

/** How grave a {@link Problem} is. */
public enum Severity {
    /** Worth a line in the log; work goes on. Under {@code --strict} it counts as an {@link #ERROR}. */
    WARNING,
    /** What was read cannot be used: it stops a start, and leaves the old state in place at a reload. */
    ERROR;

    /** The word for messages: {@code warning} or {@code error}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
