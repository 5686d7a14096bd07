package org.dkimproxy.standalone.proxy;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * How long to wait for a client that has to send a command or a message: so long after the last octets that helped, and
 * not beyond the moment at which the average rate within a message is below {@link Timeouts#leastRate}. So neither
 * silence nor a trickle of octets holds a session for ever. In a full proxy the time is much shorter and the rate higher,
 * since others wait.
 */
final class Patience {
    private static final int HASTE = 4;

    private final Timeouts timeouts;
    private final BooleanSupplier full;
    private final long begun = System.nanoTime();
    private long lastHeard = begun;
    private long received;

    /** Begins to wait. */
    Patience(Timeouts timeouts, BooleanSupplier full) {
        this.timeouts = timeouts;
        this.full = full;
    }

    /** Octets of a message have come. */
    void heard(int octets) {
        lastHeard = System.nanoTime();
        received += octets;
    }

    /** How long to wait for the next octets; zero or less when the client has used up its time. */
    Duration left() {
        boolean othersWait = full.getAsBoolean();
        Duration silence = othersWait ? timeouts.clientWhenFull() : timeouts.client();
        long leastRate = (long) timeouts.leastRate() * (othersWait ? HASTE : 1);
        long now = System.nanoTime();
        Duration untilTooSilent = silence.minusNanos(now - lastHeard);
        Duration untilTooSlow = silence.plusSeconds(received / leastRate).minusNanos(now - begun);
        return untilTooSilent.compareTo(untilTooSlow) < 0 ? untilTooSilent : untilTooSlow;
    }
}
