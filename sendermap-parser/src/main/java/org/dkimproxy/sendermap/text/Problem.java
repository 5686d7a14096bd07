package org.dkimproxy.sendermap.text;

import java.util.Optional;

/**
 * One thing that is wrong with a configuration: a mistake in a text, with what was found and what was expected, or a plain
 * message, such as {@code cannot read key file "/a/b": Permission denied}.
 *
 * @param severity whether work can go on
 * @param position the mistake, or the option that names what the message is about; {@link Position#NONE} if no text is
 * @param found what stands there; the whole message if nothing was expected
 * @param expected what should stand there, or what to do; empty for a plain message
 * @param excerpt the line, cut to a readable length around the place, with control characters made visible; may be empty
 * @param caret offset of the place in {@code excerpt}, in characters
 * @param first for a duplicate, where the same thing stood first
 */
public record Problem(
        Severity severity,
        Position position,
        String found,
        String expected,
        String excerpt,
        int caret,
        Optional<Position> first) {

    private static final int EXCERPT_BEFORE = 60;
    private static final int EXCERPT_AFTER = 60;

    /** A problem at the beginning of a fragment; the excerpt is taken from the fragment's line. */
    public static Problem at(Severity severity, SourceText fragment, String found, String expected) {
        String line = fragment.lineText();
        int column = Math.min(fragment.position().column() - 1, line.length());
        int from = column > EXCERPT_BEFORE ? column - EXCERPT_BEFORE : 0;
        int to = Math.min(line.length(), column + EXCERPT_AFTER);
        return new Problem(
                severity,
                fragment.position(),
                found,
                expected,
                visible(line.substring(from, to)),
                column - from,
                Optional.empty());
    }

    /** A message about no text in particular. */
    public static Problem message(Severity severity, String message) {
        return new Problem(severity, Position.NONE, message, "", "", 0, Optional.empty());
    }

    /** This problem with the position of the first occurrence of a duplicate. */
    public Problem firstSeenAt(Position earlier) {
        return new Problem(severity, position, found, expected, excerpt, caret, Optional.of(earlier));
    }

    /** This problem as an error, for {@code --strict}. */
    public Problem asError() {
        return new Problem(Severity.ERROR, position, found, expected, excerpt, caret, first);
    }

    /** This problem as a warning: it is in a part that nothing uses. */
    public Problem ofUnusedPart() {
        return new Problem(Severity.WARNING, position, found + ", which nothing uses", expected, excerpt, caret, first);
    }

    /** This problem, which that many more lines have too. */
    public Problem alsoIn(int moreLines) {
        String lines = moreLines == 1 ? " more line" : " more lines";
        return moreLines == 0
                ? this
                : new Problem(
                        severity,
                        position,
                        found + ", here and in " + moreLines + lines,
                        expected,
                        excerpt,
                        caret,
                        first);
    }

    /** The problem in one line: {@code file:line:col: error: found X, expected Y}, or {@code error: MESSAGE}. */
    public String summary() {
        return (position.equals(Position.NONE) ? "" : position + ": ") + severity.word() + ": "
                + (expected.isEmpty() ? found : "found " + found + ", expected " + expected)
                + first.map(earlier -> " (first at " + earlier + ")").orElse("");
    }

    /** The summary, then the line with a caret below the position. */
    @Override
    public String toString() {
        return excerpt.isEmpty() ? summary() : summary() + "\n    " + excerpt + "\n    " + " ".repeat(caret) + "^";
    }

    /** {@code text} in double quotes, cut at 60 characters, with control characters made visible: for {@code found}. */
    public static String quoted(String text) {
        int end = Math.min(text.length(), 60);
        return "\"" + visible(text.substring(0, end)) + (end < text.length() ? "..." : "") + "\"";
    }

    private static String visible(String text) {
        return PrintableText.of(text.replace('\t', ' '), Integer.MAX_VALUE, '\uFFFD');
    }
}
