package org.dkimproxy.sendermap.text;

/** Text from mail or from files made fit to be shown to a person: on one line, with nothing that hides or turns it. */
public final class PrintableText {
    private PrintableText() {}

    /**
     * The text with each character that does not print replaced.
     *
     * @param limit the most characters to keep, counted in code points
     * @param replacement stands for controls, format characters (those that turn the direction of writing among them), line
     *     separators, lone surrogates, and what is not assigned
     */
    public static String of(String text, int limit, char replacement) {
        StringBuilder shown = new StringBuilder(Math.min(text.length(), limit));
        text.codePoints().limit(limit).forEach(c -> shown.appendCodePoint(prints(c) ? c : replacement));
        return shown.toString();
    }

    private static boolean prints(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED -> false;
            default -> true;
        };
    }
}
