package org.dkimproxy.standalone.log;

import org.dkimproxy.sendermap.text.PrintableText;

/** Text made fit for one log line. */
public final class LogLine {
    /** Characters of a line at most. */
    public static final int LIMIT = 2000;

    private LogLine() {}

    /**
     * The text with every character that does not print replaced by {@code ?}, cut at
     * {@link #LIMIT} characters.
     */
    public static String of(String text) {
        return PrintableText.of(text, LIMIT, '?');
    }
}
