package org.dkimproxy.sendermap.conf;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.dkimproxy.sendermap.text.Ascii;
import org.dkimproxy.sendermap.text.Columns;
import org.dkimproxy.sendermap.text.ConfEscapes;
import org.dkimproxy.sendermap.text.Lines;
import org.dkimproxy.sendermap.text.NearestName;
import org.dkimproxy.sendermap.text.Parsed;
import org.dkimproxy.sendermap.text.Position;
import org.dkimproxy.sendermap.text.Problem;
import org.dkimproxy.sendermap.text.Problems;
import org.dkimproxy.sendermap.text.Severity;
import org.dkimproxy.sendermap.text.SourceText;

/**
 * Reads the option lines of a conf file.
 *
 * <pre>
 * file    = *( line ( LF / CRLF ) )
 * line    = [ option ] [ comment ]
 * comment = "#" *( any character )
 * option  = [ "--" ] name [ separator value ]
 * separator = "=" / ":" / white space             ; blanks around it do not count
 * value   = *( any character / "\#" / "%" 2HEXDIG )
 * </pre>
 *
 * <p>{@code \#} stands for a number sign, {@code %XX} for a byte; several such bytes in a row are read as UTF-8. There are no quotes and no
 * continuation lines. In names case does not count, and hyphens are the same as underscores. A name alone is a flag with the value {@code 1}.
 */
public final class ConfFile {
    private final String file;
    private final Set<String> knownNames;
    private final Problems problems = new Problems();
    private final List<ConfOption> options = new ArrayList<>();

    private ConfFile(String file, Set<String> knownNames) {
        this.file = file;
        this.knownNames = knownNames;
    }

    /**
     * Reads options in the order of their lines. All problems are {@link Severity#WARNING}s.
     *
     * @param file the file's name, for problems
     * @param content the file's bytes: UTF-8; a line that is not is read as ISO-8859-1
     * @param knownNames lower case, with underscores; an option of another name is a warning with the nearest of them, and is in the result all the
     *     same
     */
    public static Parsed<List<ConfOption>> parse(String file, byte[] content, Set<String> knownNames) {
        ConfFile reader = new ConfFile(file, knownNames);
        Lines lines = new Lines(content);
        while (lines.next()) {
            reader.readLine(lines.text(), lines.number());
        }
        return new Parsed<>(List.copyOf(reader.options), reader.problems.toList());
    }

    /**
     * The name by which an option is known: {@code reject_error} for {@code --Reject-Error}.
     *
     * @param written the name as written, with or without hyphens before it
     */
    public static String canonicalName(String written) {
        int begin = written.startsWith("--") ? 2 : 0;
        return Ascii.lower(written.substring(begin)).replace('-', '_');
    }

    private void readLine(String line, int number) {
        int end = Ascii.trimmedEnd(line, 0, endOfOption(line));
        int begin = Ascii.trimmedBegin(line, 0, end);
        if (begin == end) {
            return;
        }
        Columns columns = Columns.of(new SourceText(new Position(file, number, 1), line, line));
        int beginOfName = line.startsWith("--", begin) ? begin + 2 : begin;
        int endOfName = endOfName(line, beginOfName, end);
        SourceText name = columns.part(beginOfName, endOfName);
        int separator = Ascii.trimmedBegin(line, endOfName, end);
        boolean bare = separator == end;
        // after a blank, two colons begin an IPv6 address
        boolean isIpv6 = separator > endOfName && line.startsWith("::", separator);
        boolean isValue = bare || isIpv6 || !isSeparator(line.charAt(separator));
        int afterSeparator = isValue ? separator : separator + 1;
        int beginOfValue = Ascii.trimmedBegin(line, afterSeparator, end);
        if (name.text().isEmpty()) {
            problems.warning(
                    columns.part(begin, end),
                    Problem.quoted(line.substring(begin, end)) + " without the name of an option",
                    "a name, \"=\" or a blank, and a value (this line has no effect)");
        } else if (bare) {
            add(name, new SourceText(name.position(), "1", line));
        } else if (beginOfValue == end) {
            problems.warning(
                    name,
                    "option " + Problem.quoted(name.text()) + " without a value",
                    "a value after \"" + line.charAt(separator) + "\" (this line has no effect)");
        } else {
            warnOfBadEscapes(columns, line, beginOfValue, end);
            add(name, decoded(columns.part(beginOfValue, end)));
        }
    }

    /** Offset of the comment, or of the end. */
    private static int endOfOption(String line) {
        int end = line.indexOf('#');
        while (end > 0 && line.charAt(end - 1) == '\\') {
            end = line.indexOf('#', end + 1);
        }
        return end < 0 ? line.length() : end;
    }

    private static int endOfName(String line, int begin, int end) {
        int i = begin;
        while (i < end && !isSeparator(line.charAt(i)) && !Ascii.isWhite(line.charAt(i))) {
            i++;
        }
        return i;
    }

    private static boolean isSeparator(char c) {
        return c == '=' || c == ':';
    }

    private void add(SourceText name, SourceText value) {
        String canonical = canonicalName(name.text());
        if (!knownNames.contains(canonical)) {
            if (looksLikeMapLine(name.text(), value.text())) {
                problems.add(
                        Severity.WARNING,
                        () -> name.warning(
                                Problem.quoted(name.text()) + ", which looks like a sender map line",
                                "it in a file that the option sender_map names"));
                options.add(new ConfOption(canonical, name, value));
                return;
            }
            problems.add(
                    Severity.WARNING,
                    () -> name.warning(
                            "option " + Problem.quoted(name.text()),
                            NearestName.of(canonical, knownNames)
                                    .map(nearest -> "\"" + nearest + "\"")
                                    .orElse("the name of an option")));
        }
        options.add(new ConfOption(canonical, name, value));
    }

    /** A key of a map, such as an address or a domain, and the beginning of a signature. */
    private static boolean looksLikeMapLine(String name, String value) {
        boolean isKey = name.indexOf('@') >= 0 || name.indexOf('.') >= 0;
        String signature = Ascii.lower(value);
        return isKey && (signature.startsWith("dkim") || signature.startsWith("domainkeys"));
    }

    private void warnOfBadEscapes(Columns line, String text, int begin, int end) {
        for (int at = text.indexOf('%', begin, end); at >= 0; at = text.indexOf('%', at + 1, end)) {
            int percent = at;
            if (!ConfEscapes.isByte(text, percent, end)) {
                problems.add(
                        Severity.WARNING,
                        () -> line.part(percent, end)
                                .warning(
                                        Problem.quoted(text.substring(percent, Math.min(percent + 3, end))),
                                        "\"%\" and two hexadecimal digits, \"%25\" for a percent sign (taken as it stands)"));
            }
        }
    }

    private static SourceText decoded(SourceText value) {
        String text = value.text();
        return new SourceText(
                value.position(), ConfEscapes.decode(text, 0, text.length()).text(), value.lineText());
    }
}
