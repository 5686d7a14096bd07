package org.dkimproxy.standalone.access;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A regular expression for whole addresses. A client may choose its own IPv6 address, so an expression that would take
 * exponential time on some text is given up after a number of steps.
 *
 * @param expression compared with the whole text
 */
public record AddressPattern(Pattern expression) {
    private static final int STEPS = 100_000;

    /** Whether the whole address matches; empty if that could not be found out in time. */
    Optional<Boolean> matches(String address) {
        try {
            return Optional.of(
                    expression.matcher(new BoundedText(address, new Budget())).matches());
        } catch (OutOfStepsException _) {
            return Optional.empty();
        }
    }

    /** The expression as it was written. */
    @Override
    public String toString() {
        return expression.pattern();
    }

    private static final class OutOfStepsException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        OutOfStepsException() {
            super("expression takes too many steps", null, false, false);
        }
    }

    private static final class Budget {
        private int left = STEPS;

        void step() {
            left--;
            if (left < 0) {
                throw new OutOfStepsException();
            }
        }
    }

    /** Text that may be looked at only so often. */
    private record BoundedText(String text, Budget budget) implements CharSequence {
        @Override
        public int length() {
            return text.length();
        }

        @Override
        public char charAt(int index) {
            budget.step();
            return text.charAt(index);
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return new BoundedText(text.substring(start, end), budget);
        }

        @Override
        public String toString() {
            return text;
        }
    }
}
