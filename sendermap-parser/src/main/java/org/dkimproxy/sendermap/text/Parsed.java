package org.dkimproxy.sendermap.text;

import java.util.List;

/**
 * A value that was read, and everything that was found wrong while reading it.
 *
 * <p>The value holds what could be understood. Whoever uses it asks {@link #hasErrors} first.
 *
 * @param value what was read
 * @param problems in the order of their places
 */
public record Parsed<T>(T value, List<Problem> problems) {
    /** Takes a copy of the problems. */
    public Parsed {
        problems = List.copyOf(problems);
    }

    /** A value with nothing wrong. */
    public static <T> Parsed<T> of(T value) {
        return new Parsed<>(value, List.of());
    }

    /** Whether any problem is an {@link Severity#ERROR}. */
    public boolean hasErrors() {
        return problems.stream().anyMatch(problem -> problem.severity() == Severity.ERROR);
    }

    /** This value with every problem an error, as {@code --strict} asks. */
    public Parsed<T> strict() {
        return new Parsed<>(value, problems.stream().map(Problem::asError).toList());
    }
}
