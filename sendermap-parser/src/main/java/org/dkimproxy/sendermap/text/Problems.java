package org.dkimproxy.sendermap.text;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Collects the problems of one source, as many as a person can use.
 *
 * <p>A thousand are kept, errors before warnings, and one more has the number of those left out. A problem that would not be kept is not created, so
 * that a million faults cost no more than a million counts.
 */
public final class Problems {
    static final int KEPT = 1000;

    private final List<Problem> errors = new ArrayList<>();
    private final List<Problem> warnings = new ArrayList<>();
    private long errorCount;
    private long warningCount;

    public void add(Severity severity, Supplier<Problem> problem) {
        List<Problem> kept = severity == Severity.ERROR ? errors : warnings;
        if (kept.size() < KEPT) {
            kept.add(problem.get());
        }
        count(severity, 1);
    }

    public void error(Supplier<SourceText> fragment, Supplier<String> found, Supplier<String> expected) {
        add(Severity.ERROR, () -> fragment.get().error(found.get(), expected.get()));
    }

    public void error(SourceText fragment, String found, String expected) {
        add(Severity.ERROR, () -> fragment.error(found, expected));
    }

    public void warning(SourceText fragment, String found, String expected) {
        add(Severity.WARNING, () -> fragment.warning(found, expected));
    }

    /** Counts problems without telling them. */
    public void count(Severity severity, long number) {
        if (severity == Severity.ERROR) {
            errorCount += number;
        } else {
            warningCount += number;
        }
    }

    /** Takes over the errors of others, not their warnings. */
    public void addErrors(Problems others) {
        others.errors.forEach(error -> add(Severity.ERROR, () -> error));
        count(Severity.ERROR, others.errorCount - others.errors.size());
    }

    public boolean hasRoomForErrors() {
        return errors.size() < KEPT;
    }

    public long errorCount() {
        return errorCount;
    }

    /** The problems that were kept, in the order of their places, then the one that counts the others. */
    public List<Problem> toList() {
        List<Problem> kept = new ArrayList<>(errors);
        kept.addAll(warnings.subList(0, Math.min(warnings.size(), KEPT - errors.size())));
        long moreErrors = errorCount - errors.size();
        long moreWarnings = warningCount - (kept.size() - errors.size());
        kept.sort(
                Comparator.comparingInt((Problem problem) -> problem.position().line())
                        .thenComparingInt(problem -> problem.position().column()));
        if (moreErrors + moreWarnings > 0) {
            kept.add(rest(kept.getLast().position(), moreErrors, moreWarnings));
        }
        return List.copyOf(kept);
    }

    private static Problem rest(Position position, long errors, long warnings) {
        return new Problem(
                errors > 0 ? Severity.ERROR : Severity.WARNING,
                position,
                String.format(Locale.ROOT, "%d more errors and %d more warnings", errors, warnings),
                "those above to be corrected first",
                "",
                0,
                Optional.empty());
    }
}
