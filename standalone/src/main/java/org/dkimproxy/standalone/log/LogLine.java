package org.dkimproxy.standalone.log;

/** Text made fit for one log line. */
public final class LogLine {
    /** Characters of a line at most. */
    public static final int LIMIT = 2000;

    private LogLine() {}

    /**
     * The text with every control character, line separator and lone surrogate replaced by {@code ?}, cut at
     * {@link #LIMIT} characters.
     */
    public static String of(String text) {
        StringBuilder line = new StringBuilder(Math.min(text.length(), LIMIT));
        text.codePoints().limit(LIMIT).forEach(c -> line.appendCodePoint(isShown(c) ? c : '?'));
        return line.toString();
    }

    private static boolean isShown(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE,
                    Character.UNASSIGNED -> false;
            default -> true;
        };
    }
}
