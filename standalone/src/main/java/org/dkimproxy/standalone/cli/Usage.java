package org.dkimproxy.standalone.cli;

import java.util.List;
import org.dkimproxy.signing.config.ConfigurationLoader;
import org.dkimproxy.signing.config.Option;
import org.dkimproxy.signing.config.OptionTable;

/** The usage text: one line for each option, in groups, with the defaults. */
final class Usage {
    private static final int HELP_COLUMN = 34;
    private static final int WIDTH = 90;

    private Usage() {}

    /**
     * The whole text, ending in a newline.
     *
     * @param synopsis how the program is called
     * @param purpose what it does, one line
     */
    static String of(String synopsis, String purpose, OptionTable table) {
        StringBuilder text = new StringBuilder("Usage: " + synopsis + "\n" + purpose + "\n");
        for (OptionTable.Group group : table.groups()) {
            text.append("\n").append(group.title()).append(":\n");
            group.options().stream().filter(option -> !isIgnored(option)).forEach(option -> text.append(line(option)));
            text.append(ignored(group.options()));
        }
        text.append("\n").append(line("  --help, -?", "print this text"));
        text.append(line("  --version", "print the version"));
        boolean hasConfFile = table.find(ConfigurationLoader.CONF_FILE.name()).isPresent();
        return hasConfFile
                ? text.append("\nIn a conf file the same options stand one a line, as \"name value\".\n")
                        .toString()
                : text.toString();
    }

    private static boolean isIgnored(Option<?> option) {
        return option.effect() == Option.Effect.NONE;
    }

    private static String ignored(List<Option<?>> options) {
        StringBuilder text = new StringBuilder();
        int width = 0;
        for (Option<?> option : options) {
            if (isIgnored(option)) {
                boolean wraps = width == 0 || width + option.name().length() > WIDTH;
                width = wraps ? 0 : width;
                text.append(wraps ? "\n    " : " ").append(option.name());
                width += option.name().length() + 1;
            }
        }
        return text.isEmpty() ? "" : "  accepted, without effect here:" + text + "\n";
    }

    private static String line(Option<?> option) {
        String form = "  --" + option.name() + (option.isFlag() ? "" : "=" + option.argument());
        String more = (option.isList() ? "; may be repeated" : "")
                + (option.defaultText().isEmpty() ? "" : " (default: " + option.defaultText() + ")");
        return line(form, option.help() + more);
    }

    private static String line(String form, String help) {
        String gap =
                form.length() < HELP_COLUMN ? " ".repeat(HELP_COLUMN - form.length()) : "\n" + " ".repeat(HELP_COLUMN);
        return form + gap + help + "\n";
    }
}
