package org.dkimproxy.testkit;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/** Waits for what others bring about, by looking for it again and again. */
public final class Await {
    private static final Duration PAUSE = Duration.ofMillis(20);

    private Await() {}

    /**
     * Something that becomes true.
     *
     * @param <E> what may go wrong when it is looked at
     */
    @FunctionalInterface
    public interface Condition<E extends Exception> {
        /** Whether it is true by now. */
        boolean holds() throws E, InterruptedException;
    }

    /**
     * Something that comes to be there.
     *
     * @param <T> what it is
     * @param <E> what may go wrong when it is looked for
     */
    @FunctionalInterface
    public interface Search<T, E extends Exception> {
        /** It, if it is there by now. */
        Optional<T> find() throws E, InterruptedException;
    }

    /** Waits until it is there; empty if that is not so within the limit. */
    public static <T, E extends Exception> Optional<T> find(Search<T, E> search, Duration limit)
            throws E, InterruptedException {
        long begun = System.nanoTime();
        Optional<T> found = search.find();
        while (found.isEmpty() && System.nanoTime() - begun < limit.toNanos()) {
            Thread.sleep(PAUSE);
            found = search.find();
        }
        return found;
    }

    /** Waits until it holds; returns whether that was so within the limit. */
    public static <E extends Exception> boolean holds(Condition<E> condition, Duration limit)
            throws E, InterruptedException {
        return Await.<Boolean, E>find(() -> condition.holds() ? Optional.of(true) : Optional.empty(), limit)
                .isPresent();
    }

    /**
     * Waits until it holds.
     *
     * @param what is waited for, in words, with whatever tells why it did not come
     * @throws AssertionError if it does not hold within the limit
     */
    public static <E extends Exception> void until(Condition<E> condition, Duration limit, Supplier<String> what)
            throws E, InterruptedException {
        if (!holds(condition, limit)) {
            throw new AssertionError("waited " + limit.toSeconds() + " seconds in vain for " + what.get());
        }
    }
}
