package org.dkimproxy.sendermap.text;

import java.util.ArrayList;
import java.util.List;

/**
 * A stretch of one line of configuration that knows where it stands, so that a problem in it can show the line.
 *
 * @param position where {@code text} begins
 * @param text the stretch itself
 * @param lineText the whole line that holds it, without its line end
 */
public record SourceText(Position position, String text, String lineText) {

    /** A fragment that is a whole line of its own, such as one option given to a mailet. */
    public static SourceText of(String source, String text) {
        return new SourceText(new Position(source, 1, 1), text, text);
    }

    /**
     * The part from {@code begin} (inclusive) to {@code end} (exclusive), in characters of {@link #text}.
     *
     * <p>Its column is right even where {@code text} was decoded from the escapes of a conf file.
     */
    public SourceText part(int begin, int end) {
        return Columns.of(this).part(begin, end);
    }

    /** The parts of this fragment between commas and white space, in their order; takes linear time. */
    public List<SourceText> words() {
        Columns columns = Columns.of(this);
        List<SourceText> words = new ArrayList<>();
        int begin = 0;
        for (int end = 0; end <= text.length(); end++) {
            if (end == text.length() || text.charAt(end) == ',' || Ascii.isWhite(text.charAt(end))) {
                if (begin < end) {
                    words.add(columns.part(begin, end));
                }
                begin = end + 1;
            }
        }
        return words;
    }

    /** This fragment without the blanks and control characters at its ends. */
    public SourceText trimmed() {
        int begin = 0;
        int end = text.length();
        while (begin < end && text.charAt(begin) <= ' ') {
            begin++;
        }
        while (end > begin && text.charAt(end - 1) <= ' ') {
            end--;
        }
        return part(begin, end);
    }

    /** An {@link Severity#ERROR} at the beginning of this fragment. */
    public Problem error(String found, String expected) {
        return Problem.at(Severity.ERROR, this, found, expected);
    }

    /** A {@link Severity#ERROR} with what this fragment names, such as a file. */
    public Problem error(String message) {
        return Problem.at(Severity.ERROR, this, message, "");
    }

    /** A {@link Severity#WARNING} at the beginning of this fragment. */
    public Problem warning(String found, String expected) {
        return Problem.at(Severity.WARNING, this, found, expected);
    }
}
