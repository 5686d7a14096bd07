package org.dkimproxy.bench;

/** What a figure has to reach. */
public sealed interface Bar {
    /** Whether a figure reaches it. */
    boolean isReachedBy(double figure);

    /** No more than a figure to know. */
    record None() implements Bar {
        @Override
        public boolean isReachedBy(double figure) {
            return true;
        }

        @Override
        public String toString() {
            return "";
        }
    }

    /** The least that is good. */
    record AtLeast(double limit) implements Bar {
        @Override
        public boolean isReachedBy(double figure) {
            return figure >= limit;
        }

        @Override
        public String toString() {
            return "bar: at least " + Figures.text(limit);
        }
    }

    /** The most that is good. */
    record AtMost(double limit) implements Bar {
        @Override
        public boolean isReachedBy(double figure) {
            return figure <= limit;
        }

        @Override
        public String toString() {
            return "bar: at most " + Figures.text(limit);
        }
    }

    /** The least that is good. */
    static Bar atLeast(double limit) {
        return new AtLeast(limit);
    }

    /** The most that is good. */
    static Bar atMost(double limit) {
        return new AtMost(limit);
    }

    /** No bar. */
    static Bar none() {
        return new None();
    }
}
