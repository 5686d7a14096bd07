package org.dkimproxy.signing.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.dkimproxy.sendermap.text.Flag;
import org.dkimproxy.sendermap.text.Problem;
import org.dkimproxy.sendermap.text.SourceText;

/**
 * The declaration of an option: the one place where its names, its values, its default and its help text stand. The usage, the
 * manual, nearest-name hints and the list of changes that need a restart are made from it.
 *
 * @param <T> the type of its value
 * @param name lower case, with underscores
 * @param aliases other names of the option, written likewise
 * @param argument the value in the usage; empty for a flag; in square brackets, with bars between words, for an option whose
 *     value may be left out
 * @param occurrence how often the option may occur
 * @param effect when a change takes effect
 * @param defaultText the default, for the usage; empty for none
 * @param help one line, without a full stop
 * @param reader makes the value
 */
public record Option<T>(
        String name,
        Set<String> aliases,
        String argument,
        Occurrence occurrence,
        Effect effect,
        String defaultText,
        String help,
        Reader<T> reader) {
    private static final String FLAG = "";

    /** Takes a copy of the aliases. */
    public Option {
        aliases = Set.copyOf(aliases);
    }

    /** How often an option may occur in one source. */
    public enum Occurrence {
        /** Once; a repetition is a warning, and the last one counts. */
        ONCE,
        /** Any number of times on a command line, where the last one counts; once in a conf file. */
        LAST_WINS,
        /** Any number of times on a command line, where the last one counts; never in a conf file. */
        DIRECT,
        /** Any number of times; each occurrence adds a value. */
        LIST
    }

    /** When a change of an option takes effect. */
    public enum Effect {
        RELOAD,
        RESTART,
        /** Never: the option is accepted for the sake of old conf files. */
        NONE
    }

    /** Makes the value of an option from its texts. */
    @FunctionalInterface
    public interface Reader<T> {
        /**
         * Returns the value; the default if there is no usable text.
         *
         * @param given all texts of a list; else the last one, or none
         * @param problems receives a problem for each text that is no value
         */
        T read(List<SourceText> given, Collection<Problem> problems);
    }

    /** An option that is on or off; off by default. */
    public static Option<Boolean> flag(String name, String help) {
        return value(name, FLAG, "yes or no", text -> Flag.ofWord(text).map(Flag.ON::equals), false, "", help);
    }

    /** A whole number from {@code minimum} to {@code maximum}. */
    public static Option<Long> number(
            String name, String argument, long minimum, long maximum, long standard, String help) {
        return value(
                name,
                argument,
                "a whole number from " + minimum + " to " + maximum,
                text -> wholeNumber(text).filter(number -> number >= minimum && number <= maximum),
                standard,
                Long.toString(standard),
                help);
    }

    /** One of the constants of an enum, by its name in lower case. */
    public static <E extends Enum<E>> Option<E> choice(String name, E standard, String help) {
        List<E> constants = List.of(standard.getDeclaringClass().getEnumConstants());
        List<String> words = constants.stream().map(Option::word).toList();
        return value(
                name,
                String.join("|", words),
                String.join(" or ", words),
                text -> constants.stream()
                        .filter(constant -> word(constant).equalsIgnoreCase(text))
                        .findFirst(),
                standard,
                word(standard),
                help);
    }

    /** A path, absolute; a relative one begins in the working directory of the start. */
    public static Option<Optional<Path>> path(String name, String argument, String help) {
        return optional(name, argument, "a path", Option::pathOf, help);
    }

    /** A text that is used as it stands, or is read together with other options. */
    public static Option<Optional<SourceText>> text(String name, String argument, String defaultText, String help) {
        return declared(
                name,
                argument,
                Occurrence.ONCE,
                defaultText,
                help,
                (given, problems) -> given.stream().findFirst());
    }

    /** Texts, each from one occurrence. */
    public static Option<List<SourceText>> texts(String name, String argument, String help) {
        return declared(name, argument, Occurrence.LIST, "", help, (given, problems) -> List.copyOf(given));
    }

    /**
     * A value without a default.
     *
     * @param expected for the problem with a text that {@code reader} finds no value in
     */
    public static <T> Option<Optional<T>> optional(
            String name, String argument, String expected, Function<String, Optional<T>> reader, String help) {
        return value(
                name,
                argument,
                expected,
                text -> Optional.of(reader.apply(text)).filter(Optional::isPresent),
                Optional.empty(),
                "",
                help);
    }

    /**
     * A value with a default.
     *
     * @param expected for the problem with a text that {@code reader} finds no value in
     */
    public static <T> Option<T> value(
            String name,
            String argument,
            String expected,
            Function<String, Optional<T>> reader,
            T standard,
            String defaultText,
            String help) {
        return declared(
                name,
                argument,
                Occurrence.ONCE,
                defaultText,
                help,
                (given, problems) -> one(given, problems, expected, reader).orElse(standard));
    }

    private static <T> Option<T> declared(
            String name, String argument, Occurrence occurrence, String defaultText, String help, Reader<T> reader) {
        return new Option<>(name, Set.of(), argument, occurrence, Effect.RELOAD, defaultText, help, reader);
    }

    /** The value of the text that counts; empty without one, and after a problem was added. */
    private static <T> Optional<T> one(
            List<SourceText> given,
            Collection<Problem> problems,
            String expected,
            Function<String, Optional<T>> reader) {
        if (given.isEmpty()) {
            return Optional.empty();
        }
        SourceText text = given.getLast();
        Optional<T> value = reader.apply(text.text());
        if (value.isEmpty()) {
            problems.add(text.error(Problem.quoted(text.text()), expected));
        }
        return value;
    }

    /** An option of dkimproxy 1.4 that is accepted and has no effect. */
    public static Option<Optional<SourceText>> ignored(String name, String argument) {
        return text(name, argument, "", "").with(Effect.NONE);
    }

    /** This option with other names for it. */
    public Option<T> alias(String... names) {
        return new Option<>(name, Set.of(names), argument, occurrence, effect, defaultText, help, reader);
    }

    /** This option with another text for its default in the usage. */
    public Option<T> defaultText(String text) {
        return new Option<>(name, aliases, argument, occurrence, effect, text, help, reader);
    }

    /** This option, of which changes need a restart. */
    public Option<T> onRestart() {
        return with(Effect.RESTART);
    }

    /** This option, which a command line may repeat: scripts and units give it, and administrators after them. */
    public Option<T> lastWins() {
        return with(Occurrence.LAST_WINS);
    }

    /** This option, which only a command line or a mailet has, never a conf file. */
    public Option<T> directOnly() {
        return with(Occurrence.DIRECT);
    }

    private Option<T> with(Effect other) {
        return new Option<>(name, aliases, argument, occurrence, other, defaultText, help, reader);
    }

    private Option<T> with(Occurrence other) {
        return new Option<>(name, aliases, argument, other, effect, defaultText, help, reader);
    }

    /** Whether the option takes no value. */
    public boolean isFlag() {
        return argument.isEmpty();
    }

    /** Whether each occurrence adds a value. */
    public boolean isList() {
        return occurrence == Occurrence.LIST;
    }

    /** Whether the value may be left out, so that the next word of a command line may be something else. */
    public boolean isSwitch() {
        return argument.startsWith("[");
    }

    /** Whether a word that follows a switch is its value. */
    public boolean isSwitchValue(String word) {
        return word.matches("[0-9]+")
                || List.of(argument.substring(1, argument.length() - 1).split("\\|"))
                        .contains(word.toLowerCase(Locale.ROOT));
    }

    /** A path from a configured name; empty for a text that cannot be one. */
    public static Optional<Path> pathOf(String text) {
        try {
            return text.isEmpty() ? Optional.empty() : Optional.of(Path.of(text).toAbsolutePath());
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    private static Optional<Long> wholeNumber(String text) {
        return text.matches("[0-9]{1,18}") ? Optional.of(Long.parseLong(text)) : Optional.empty();
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
