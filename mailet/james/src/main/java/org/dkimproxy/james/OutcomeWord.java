package org.dkimproxy.james;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.dkimproxy.signing.SigningOutcome;

/** An outcome as matchers and metrics know it, in the order of what was done for the mail. */
enum OutcomeWord {
    SKIPPED,
    FAILED,
    SIGNED;

    static OutcomeWord of(SigningOutcome outcome) {
        return switch (outcome) {
            case SigningOutcome.Signed signed -> SIGNED;
            case SigningOutcome.Skipped skipped -> SKIPPED;
            case SigningOutcome.Failed failed -> FAILED;
        };
    }

    /** The outcome of this {@link #word}; empty if there is none. */
    static Optional<OutcomeWord> of(String word) {
        return Arrays.stream(values())
                .filter(outcome -> outcome.word().equals(word))
                .findFirst();
    }

    /** {@code skipped}, {@code failed} or {@code signed}. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
