package org.dkimproxy.sendermap.dkim;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.dkimproxy.sendermap.text.Ascii;
import org.dkimproxy.sendermap.text.Columns;
import org.dkimproxy.sendermap.text.NearestName;
import org.dkimproxy.sendermap.text.Parsed;
import org.dkimproxy.sendermap.text.Problem;
import org.dkimproxy.sendermap.text.Problems;
import org.dkimproxy.sendermap.text.Severity;
import org.dkimproxy.sendermap.text.SourceText;

/**
 * A value of d= or i= with its macros.
 *
 * <table>
 * <caption>Macros</caption>
 * <tr><td>{@code $sender}</td><td>the sender's address</td></tr>
 * <tr><td>{@code $senderdomain}</td><td>its domain</td></tr>
 * <tr><td>{@code $key}</td><td>the key of the map that matched</td></tr>
 * <tr><td>{@code $keydomain}</td><td>its domain</td></tr>
 * <tr><td>{@code $$}</td><td>a dollar sign</td></tr>
 * </table>
 *
 * <p>All letters after a dollar sign belong to the name. What a macro stands for is not looked through for macros again.
 *
 * @param source the value as written
 */
public record MacroTemplate(SourceText source) {
    private enum Macro {
        SENDER,
        SENDERDOMAIN,
        KEY,
        KEYDOMAIN;

        private static final List<String> WRITTEN =
                Arrays.stream(values()).map(Macro::written).toList();

        private String written() {
            return "$" + Ascii.lower(name());
        }

        private Optional<String> value(Values values) {
            return switch (this) {
                case SENDER -> values.sender();
                case SENDERDOMAIN -> values.senderDomain();
                case KEY -> values.key();
                case KEYDOMAIN -> values.keyDomain();
            };
        }
    }

    /**
     * What the macros stand for; each is empty where it is not known.
     *
     * @param sender the sender's address
     * @param senderDomain its domain
     * @param key the key that matched; for a domain rule, the domain that matched
     * @param keyDomain the domain of the key
     */
    public record Values(
            Optional<String> sender, Optional<String> senderDomain, Optional<String> key, Optional<String> keyDomain) {
        /** Nothing is known. */
        public static final Values UNKNOWN =
                new Values(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** Reads a value; a macro that does not exist is an {@link Severity#ERROR}. */
    public static Parsed<MacroTemplate> parse(SourceText fragment) {
        Problems problems = new Problems();
        MacroTemplate template = parse(fragment, problems);
        return new Parsed<>(template, problems.toList());
    }

    static MacroTemplate parse(SourceText fragment, Problems problems) {
        String text = fragment.text();
        Columns columns = Columns.of(fragment);
        for (int begin = text.indexOf('$'); begin >= 0; ) {
            int dollar = begin;
            int end = endOfMacro(text, dollar);
            String written = text.substring(dollar, end);
            if (written.equals("$")) {
                problems.error(
                        () -> columns.part(dollar, dollar + 1),
                        () -> "\"$\" without the name of a macro",
                        () -> "\"$$\" for a dollar sign, or one of " + String.join(", ", Macro.WRITTEN));
            } else if (!written.equals("$$") && !Macro.WRITTEN.contains(written)) {
                problems.error(
                        () -> columns.part(dollar, end),
                        () -> "macro " + Problem.quoted(written),
                        () -> NearestName.of(written.replace("{", "").replace("}", ""), Macro.WRITTEN)
                                .map(name -> "\"" + name + "\"")
                                .orElse("one of " + String.join(", ", Macro.WRITTEN) + ", $$"));
            }
            begin = text.indexOf('$', end);
        }
        return new MacroTemplate(fragment);
    }

    /** Whether it holds a macro, {@code $$} among them. */
    public boolean hasMacros() {
        return source.text().indexOf('$') >= 0;
    }

    /** The text that it gives for every message; empty if that depends on the message or on the key that matched. */
    public Optional<String> constant() {
        return expand(Values.UNKNOWN);
    }

    /** The value with each macro replaced once; empty if it has a macro whose value is not known. */
    public Optional<String> expand(Values values) {
        String text = source.text();
        if (!hasMacros()) {
            return Optional.of(text);
        }
        StringBuilder expanded = new StringBuilder(text.length() + 32);
        int begin = 0;
        while (begin < text.length()) {
            int dollar = text.indexOf('$', begin);
            int end = dollar < 0 ? text.length() : endOfMacro(text, dollar);
            expanded.append(text, begin, dollar < 0 ? end : dollar);
            if (dollar >= 0) {
                Optional<String> replacement = replacement(text.substring(dollar, end), values);
                if (replacement.isEmpty()) {
                    return Optional.empty();
                }
                expanded.append(replacement.get());
            }
            begin = end;
        }
        return Optional.of(expanded.toString());
    }

    private static Optional<String> replacement(String written, Values values) {
        if (written.equals("$$")) {
            return Optional.of("$");
        }
        for (Macro macro : Macro.values()) {
            if (macro.written().equals(written)) {
                return macro.value(values);
            }
        }
        return Optional.of(written);
    }

    /** End of the macro that begins with the dollar sign at {@code dollar}. A name in braces is taken as one macro, an unknown one. */
    private static int endOfMacro(String text, int dollar) {
        int end = dollar + 1;
        if (text.startsWith("$", end)) {
            return end + 1;
        }
        boolean braces = text.startsWith("{", end);
        end = braces ? end + 1 : end;
        while (end < text.length() && Character.isLetter(text.charAt(end))) {
            end++;
        }
        return braces && text.startsWith("}", end) ? end + 1 : end;
    }
}
