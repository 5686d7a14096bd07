package org.dkimproxy.sendermap;

import java.util.List;

/**
 * A value that was read, and everything that was found wrong while reading it.
 *
 * <p>The value holds what could be understood. Whoever uses it asks {@link #hasErrors} first.
 *
 * @param value what was read
 * @param problems in the order of their places
 */
public record Checked<T>(T value, List<Problem> problems) {
    /** Takes a copy of the problems. */
    public Checked {
        problems = List.copyOf(problems);
    }

    /** A value with nothing wrong. */
    public static <T> Checked<T> of(T value) {
        return new Checked<>(value, List.of());
    }

    /** Whether any problem is an {@link Severity#ERROR}. */
    public boolean hasErrors() {
        return problems.stream().anyMatch(problem -> problem.severity() == Severity.ERROR);
    }

    /** The same value with every problem an error, as {@code --strict} asks. */
    public Checked<T> strict() {
        return new Checked<>(value, problems.stream().map(Problem::asError).toList());
    }
}
