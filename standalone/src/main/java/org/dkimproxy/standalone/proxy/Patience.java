package org.dkimproxy.standalone.proxy;

import java.time.Duration;

/**
 * How long to wait for a client within a message: never longer than {@link Timeouts#client} at a time, and not beyond
 * the moment at which its average rate would be below {@link Timeouts#leastRate}. So neither silence nor a trickle of
 * octets can hold a session for ever.
 */
final class Patience {
    private final Timeouts timeouts;
    private final long begun = System.nanoTime();

    Patience(Timeouts timeouts) {
        this.timeouts = timeouts;
    }

    /** How long to wait for the next octets after this many; zero or less when the client has used up its time. */
    Duration after(long received) {
        Duration spent = Duration.ofNanos(System.nanoTime() - begun);
        Duration allowed = timeouts.client().plusSeconds(received / timeouts.leastRate());
        Duration left = allowed.minus(spent);
        return left.compareTo(timeouts.client()) < 0 ? left : timeouts.client();
    }
}
