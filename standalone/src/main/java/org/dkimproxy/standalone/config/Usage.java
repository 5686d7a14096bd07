package org.dkimproxy.standalone.config;

import org.dkimproxy.standalone.config.KnownOption.Group;
import org.dkimproxy.standalone.config.KnownOption.Standing;

/** The usage text: one line for each option, in groups, with what holds when it is not given. */
public final class Usage {
    private static final int HELP_COLUMN = 34;
    private static final int WIDTH = 90;

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
            if (known.all().stream().noneMatch(option -> option.group() == group)) {
                continue;
            }
            text.append("\n").append(group.title()).append(":\n");
            known.all().stream()
                    .filter(option -> option.group() == group && option.standing() != Standing.WITHOUT_EFFECT)
                    .forEach(option -> text.append(line(option)));
            text.append(withoutEffect(known, group));
        }
        text.append("\n  --help, -?")
                .append(" ".repeat(HELP_COLUMN - 12))
                .append("print this text\n")
                .append("  --version")
                .append(" ".repeat(HELP_COLUMN - 11))
                .append("print the version\n");
        boolean hasConfFile = known.all().stream().anyMatch(option -> option.group() == Group.SIGNING);
        return hasConfFile
                ? text.append("\nIn a conf file the same options stand one a line, as \"name value\".\n")
                        .toString()
                : text.toString();
    }

    private static String withoutEffect(KnownOptions known, Group group) {
        StringBuilder text = new StringBuilder();
        int width = 0;
        for (KnownOption option : known.all()) {
            if (option.group() == group && option.standing() == Standing.WITHOUT_EFFECT) {
                boolean wraps = width == 0 || width + option.name().length() > WIDTH;
                width = wraps ? 0 : width;
                text.append(wraps ? "\n    " : " ").append(option.name());
                width += option.name().length() + 1;
            }
        }
        return text.isEmpty() ? "" : "  accepted, without effect here:" + text + "\n";
    }

    private static String line(KnownOption option) {
        String form = "  --" + option.name() + (option.isFlag() ? "" : "=" + option.argument());
        String gap =
                form.length() < HELP_COLUMN ? " ".repeat(HELP_COLUMN - form.length()) : "\n" + " ".repeat(HELP_COLUMN);
        String more = (option.isList() ? "; may be repeated" : "")
                + (option.defaultText().isEmpty() ? "" : " (default: " + option.defaultText() + ")");
        return form + gap + option.help() + more + "\n";
    }
}
