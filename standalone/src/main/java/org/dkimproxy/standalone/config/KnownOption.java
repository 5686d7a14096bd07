package org.dkimproxy.standalone.config;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * One option that the program knows.
 *
 * @param group under which heading the usage shows it
 * @param name lower case, with underscores
 * @param aliases other names of the same option, written likewise
 * @param argument what the usage shows for its value; empty for a flag, which needs no value; in square brackets, with bars
 *     between its words, for a switch, which may have one
 * @param isList whether each occurrence adds a value
 * @param standing what this version does with it
 * @param defaultText what holds without it; empty for nothing
 * @param help one line, without a full stop
 */
public record KnownOption(
        Group group,
        String name,
        Set<String> aliases,
        String argument,
        boolean isList,
        Standing standing,
        String defaultText,
        String help) {
    /** Takes a copy of the aliases. */
    public KnownOption {
        aliases = Set.copyOf(aliases);
    }

    /** The headings of the usage. */
    public enum Group {
        /** What one of the tools does. */
        TOOL("Tool"),
        /** Where mail comes from and goes to. */
        SMTP("SMTP"),
        /** What is signed, and how. */
        SIGNING("Signing"),
        /** How the process runs. */
        DAEMON("Daemon"),
        /** Who may connect. */
        ACCESS("Access"),
        /** How many may connect at once. */
        POOL("Pool"),
        /** Where log lines go. */
        LOG("Log"),
        /** What is counted. */
        METRICS("Metrics");

        private final String title;

        Group(String title) {
            this.title = title;
        }

        /** The heading. */
        public String title() {
            return title;
        }
    }

    /** What this version does with an option. */
    public enum Standing {
        /** It works. */
        EFFECTIVE,
        /** Accepted for the sake of old conf files; this program has nothing that it could change. */
        WITHOUT_EFFECT
    }

    /** Whether the value may be left out, so that what follows on a command line may be something else. */
    boolean isSwitch() {
        return argument.startsWith("[");
    }

    /** Whether a word that follows a switch is its value. */
    boolean isSwitchValue(String word) {
        return word.matches("[0-9]+")
                || List.of(argument.substring(1, argument.length() - 1).split("\\|"))
                        .contains(word.toLowerCase(Locale.ROOT));
    }

    /** Whether the option takes no value. */
    public boolean isFlag() {
        return argument.isEmpty();
    }
}
