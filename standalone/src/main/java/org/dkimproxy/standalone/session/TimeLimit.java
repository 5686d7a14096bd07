package org.dkimproxy.standalone.session;

import java.time.Duration;

/**
 * How long a read may wait. It is asked once in {@link Timeouts#poll} while a read waits, by the thread of the
 * {@link Watchdog}; so it has to be thread-safe, and quick.
 */
@FunctionalInterface
interface TimeLimit {
    /** Whether the read has waited for long enough. */
    boolean isReached();

    /** So long from now. */
    static TimeLimit of(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        return () -> System.nanoTime() - end >= 0;
    }
}
