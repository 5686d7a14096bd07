package org.dkimproxy.sendermap.text;

import java.util.Optional;

/**
 * One thing that is wrong with a configuration, told so that a person can mend it.
 *
 * @param severity whether work can go on
 * @param position where it was found
 * @param found what stands there
 * @param expected what should stand there, or what to do
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

    /** A problem with a file as a whole, such as one that cannot be read. */
    public static Problem ofFile(Severity severity, String file, String found, String expected) {
        return new Problem(severity, Position.ofFile(file), found, expected, "", 0, Optional.empty());
    }

    /** The same problem with the place where the duplicated thing stood first. */
    public Problem firstSeenAt(Position earlier) {
        return new Problem(severity, position, found, expected, excerpt, caret, Optional.of(earlier));
    }

    /** The same problem as an error, for {@code --strict}. */
    public Problem asError() {
        return new Problem(Severity.ERROR, position, found, expected, excerpt, caret, first);
    }

    /** The same problem as a warning: it is in a part that nothing uses. */
    public Problem ofUnusedPart() {
        return new Problem(Severity.WARNING, position, found + ", which nothing uses", expected, excerpt, caret, first);
    }

    /** The same problem, which is in as many more lines too. */
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

    /** The problem in one line: {@code file:line:col: error: found X, expected Y}. */
    public String summary() {
        return position + ": " + severity.word() + ": found " + found + ", expected " + expected
                + first.map(earlier -> " (first at " + earlier + ")").orElse("");
    }

    /** The problem as a person reads it: the summary, then the line with a caret below the place. */
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
