package org.dkimproxy.sendermap.dkim;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.dkimproxy.sendermap.text.Ascii;
import org.dkimproxy.sendermap.text.Columns;
import org.dkimproxy.sendermap.text.Problem;
import org.dkimproxy.sendermap.text.Problems;
import org.dkimproxy.sendermap.text.SourceText;

/**
 * Splits a fragment into specifications and their parameters, by the grammar of {@link SignatureSpecifications}.
 *
 * <p>Goes from left to right once. After an error it goes on at the next comma or closing parenthesis, so that one run finds all that is wrong.
 */
public final class SpecificationParser {
    private static final int MOST = 100;

    private final String text;
    private final Columns columns;
    private final Problems problems;
    private final List<SignatureSpecification> specifications = new ArrayList<>();
    private int pos;

    public SpecificationParser(SourceText fragment, Problems problems) {
        this.text = fragment.text();
        this.columns = Columns.of(fragment);
        this.problems = problems;
    }

    public List<SignatureSpecification> parse() {
        skipBlanks();
        if (pos == text.length()) {
            return List.of();
        }
        readSpecification();
        while (pos < text.length()) {
            pos++;
            skipBlanks();
            if (specifications.size() == MOST) {
                error(pos, "more than " + MOST + " signatures", "at most " + MOST);
                break;
            }
            readSpecification();
        }
        return List.copyOf(specifications);
    }

    /** Reads from the first character of a specification to the comma after it, or to the end. */
    private void readSpecification() {
        int begin = pos;
        while (pos < text.length() && !Ascii.isWhite(text.charAt(pos)) && ",()".indexOf(text.charAt(pos)) < 0) {
            pos++;
        }
        int endOfWord = pos;
        Optional<SignatureType> type = SignatureType.named(text.substring(begin, endOfWord));
        skipBlanks();
        boolean open = at('(');
        if (begin == endOfWord) {
            String found = pos == text.length() || at(',') ? "no signature" : "\"" + text.charAt(pos) + "\"";
            error(begin, found, open ? "\"dkim\" or \"domainkeys\" before it" : "\"dkim\" or \"domainkeys\"");
        } else if (type.isEmpty()) {
            error(
                    begin,
                    "signature type " + Problem.quoted(text.substring(begin, endOfWord)),
                    "\"dkim\" or \"domainkeys\"");
        } else if (open && pos > endOfWord) {
            error(endOfWord, "a blank before \"(\"", "\"(\" right after the signature type");
        }
        Optional<SpecificationBuilder> builder = type.map(known -> new SpecificationBuilder(known, problems));
        if (open) {
            readParameters(new ParameterReader(text, columns, type.orElse(SignatureType.DKIM), builder, problems));
        }
        int end = open ? pos : endOfWord;
        builder.ifPresent(known -> specifications.add(known.build(columns.part(begin, end))));
        readSeparator(type.isEmpty());
    }

    /** Moves to the comma after a specification; reports anything else before it, unless it is already reported. */
    private void readSeparator(boolean known) {
        skipBlanks();
        int begin = pos;
        for (int depth = 0; pos < text.length() && (depth > 0 || !at(',')); pos++) {
            depth = Math.max(0, depth + (at('(') ? 1 : at(')') ? -1 : 0));
        }
        if (begin < pos && !known) {
            error(begin, Problem.quoted(text.substring(begin, pos)), "\",\" or the end after a signature");
        }
    }

    /** Reads from the opening parenthesis to after the closing one. */
    private void readParameters(ParameterReader reader) {
        int open = pos++;
        while (true) {
            int begin = pos;
            boolean sound = skipParameter();
            boolean only = begin == open + 1 && !at(',');
            if (sound && (!only || Ascii.trimmedBegin(text, begin, pos) < pos)) {
                reader.read(begin, pos);
            }
            if (pos == text.length()) {
                error(open, "\"(\" that is not closed", "\")\" after the parameters");
                return;
            }
            if (text.charAt(pos++) == ')') {
                return;
            }
        }
    }

    /** Goes to the comma or parenthesis that ends a parameter; false if a parenthesis within was an error. */
    private boolean skipParameter() {
        int depth = 0;
        boolean sound = true;
        while (pos < text.length() && (depth > 0 || (!at(',') && !at(')')))) {
            if (at('(')) {
                sound = false;
                if (depth++ == 0) {
                    error(pos, "\"(\" among parameters", "\",\" or \")\" (a value cannot hold parentheses)");
                }
            } else if (at(')')) {
                depth--;
            }
            pos++;
        }
        return sound;
    }

    private boolean at(char c) {
        return pos < text.length() && text.charAt(pos) == c;
    }

    private void skipBlanks() {
        pos = Ascii.trimmedBegin(text, pos, text.length());
    }

    private void error(int at, String found, String expected) {
        problems.error(() -> columns.part(at, at), () -> found, () -> expected);
    }
}
