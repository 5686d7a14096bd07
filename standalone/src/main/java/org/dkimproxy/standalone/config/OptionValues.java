package org.dkimproxy.standalone.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.dkimproxy.sendermap.conf.ConfOption;
import org.dkimproxy.sendermap.text.Flag;
import org.dkimproxy.sendermap.text.Problem;
import org.dkimproxy.sendermap.text.SourceText;
import org.dkimproxy.standalone.daemon.RunAs;

/** Options as values of their types; every value that cannot be one is a problem, and its default stands in for it. */
public final class OptionValues {
    private final List<ConfOption> options;
    private final Optional<Path> root;
    private final List<Problem> problems = new ArrayList<>();

    /** Values of these options; of one that is given twice the last. */
    public OptionValues(List<ConfOption> options) {
        this(options, Optional.empty());
    }

    /** The same for a program that will have this root directory. */
    OptionValues(List<ConfOption> options, Optional<Path> root) {
        this.options = List.copyOf(options);
        this.root = root;
    }

    /** Where a path that is used while the program runs lies now. */
    Path asSeenNow(Path path) {
        return RunAs.outside(root, path);
    }

    /** What was wrong with the values asked for so far. */
    public List<Problem> problems() {
        return List.copyOf(problems);
    }

    /** The value as it stands. */
    public Optional<SourceText> text(String name) {
        return Configuration.last(options, name).map(ConfOption::value);
    }

    /** Every value of a list, in order. */
    public List<SourceText> texts(String name) {
        return options.stream()
                .filter(option -> option.name().equals(name))
                .map(ConfOption::value)
                .toList();
    }

    /** Adds a problem that was found with a value of {@link #text} or {@link #texts}. */
    void add(Problem problem) {
        problems.add(problem);
    }

    /** A flag: on when given, unless its value says no. */
    public boolean flag(String name) {
        return Configuration.last(options, name)
                .map(option -> {
                    if (!isOn(option) && !isOff(option.value())) {
                        problems.add(wrong(option.value(), "yes or no"));
                    }
                    return isOn(option);
                })
                .orElse(false);
    }

    /** A whole number from {@code least} to {@code most}. */
    public long number(String name, long least, long most, long standard) {
        return read(name, "a whole number from " + least + " to " + most, value -> {
                    boolean digits = value.matches("[0-9]{1,18}");
                    return digits && Long.parseLong(value) >= least && Long.parseLong(value) <= most
                            ? Optional.of(Long.parseLong(value))
                            : Optional.empty();
                })
                .orElse(standard);
    }

    /** One of an enum's constants, by its name in lower case. */
    public <E extends Enum<E>> E choice(String name, E standard) {
        E[] constants = standard.getDeclaringClass().getEnumConstants();
        String expected = Arrays.stream(constants).map(OptionValues::word).collect(Collectors.joining(" or "));
        return read(
                        name,
                        expected,
                        value -> Arrays.stream(constants)
                                .filter(constant -> word(constant).equalsIgnoreCase(value))
                                .findFirst())
                .orElse(standard);
    }

    /** A path; a relative one begins in the directory that the program was started in. */
    public Optional<Path> path(String name) {
        return read(name, "a path", OptionValues::pathOf);
    }

    /** A value read by {@code reader}, which gives nothing for one that is not as {@code expected}. */
    public <T> Optional<T> read(String name, String expected, Function<String, Optional<T>> reader) {
        Optional<SourceText> text = text(name);
        Optional<T> value = text.flatMap(fragment -> reader.apply(fragment.text()));
        if (text.isPresent() && value.isEmpty()) {
            problems.add(wrong(text.get(), expected));
        }
        return value;
    }

    static boolean isOn(ConfOption flag) {
        return Flag.ofWord(flag.value().text()).filter(Flag.ON::equals).isPresent();
    }

    static boolean isOff(SourceText flag) {
        return Flag.ofWord(flag.text()).filter(Flag.OFF::equals).isPresent();
    }

    private static Problem wrong(SourceText value, String expected) {
        return value.error(Problem.quoted(value.text()), expected);
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    static Optional<Path> pathOf(String text) {
        try {
            return text.isEmpty() ? Optional.empty() : Optional.of(Path.of(text).toAbsolutePath());
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }
}
