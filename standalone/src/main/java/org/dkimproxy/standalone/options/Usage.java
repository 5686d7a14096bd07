package org.dkimproxy.standalone.options;

import java.util.stream.Collectors;
import org.dkimproxy.standalone.options.KnownOption.Group;
import org.dkimproxy.standalone.options.KnownOption.Standing;

/** The usage text: one line for each option, in groups, with what holds when it is not given. */
public final class Usage {
    private static final int HELP_COLUMN = 34;

    private Usage() {}

    /**
     * The whole text, ending in a newline.
     *
     * @param synopsis how the program is called
     * @param purpose what it does, one line
     */
    public static String of(String synopsis, String purpose, KnownOptions known) {
        StringBuilder text = new StringBuilder("Usage: " + synopsis + "\n" + purpose + "\n");
        for (Group group : Group.values()) {
            text.append("\n").append(group.title()).append(":\n");
            known.all().stream()
                    .filter(option -> option.group() == group && option.standing() != Standing.WITHOUT_EFFECT)
                    .forEach(option -> text.append(line(option)));
            String silent = known.all().stream()
                    .filter(option -> option.group() == group && option.standing() == Standing.WITHOUT_EFFECT)
                    .map(KnownOption::name)
                    .collect(Collectors.joining(", "));
            if (!silent.isEmpty()) {
                text.append("  accepted, without effect here: ").append(silent).append("\n");
            }
        }
        return text.append("\n  --help, -?")
                .append(" ".repeat(HELP_COLUMN - 12))
                .append("print this text\n")
                .append("\nIn a conf file the same options stand one a line, as \"name value\".\n")
                .toString();
    }

    private static String line(KnownOption option) {
        String form = "  --" + option.name() + (option.isFlag() ? "" : "=" + option.argument());
        String gap =
                form.length() < HELP_COLUMN ? " ".repeat(HELP_COLUMN - form.length()) : "\n" + " ".repeat(HELP_COLUMN);
        String more = (option.isList() ? "; may be repeated" : "")
                + (option.defaultText().isEmpty() ? "" : " (default: " + option.defaultText() + ")")
                + switch (option.standing()) {
                    case EFFECTIVE, WITHOUT_EFFECT -> "";
                    case IGNORED -> " (not in this version: ignored)";
                    case REFUSED -> " (not in this version: stops the start)";
                };
        return form + gap + option.help() + more + "\n";
    }
}
