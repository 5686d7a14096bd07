package org.dkimproxy.standalone.proxy;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * How long to wait for a client that has to send a command or a message: so long after the last octets that helped, and
 * not beyond the moment at which the average rate within a message is below {@link Timeouts#leastRate}. So neither
 * silence nor a trickle of octets holds a session for ever. In a full proxy the time is much shorter and the rate higher,
 * since others wait.
 *
 * <p>Used by the thread that waits; {@link #isReached} and {@link #lasts} by any.
 */
final class Patience implements TimeLimit {
    private static final int HASTE = 4;

    private final Timeouts timeouts;
    private final BooleanSupplier full;
    private final long begun = System.nanoTime();
    private volatile long lastHeard = begun;
    private volatile long received;

    /** Begins to wait. */
    Patience(Timeouts timeouts, BooleanSupplier full) {
        this.timeouts = timeouts;
        this.full = full;
    }

    /** Octets of a message have come. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes
    void heard(int octets) {
        lastHeard = System.nanoTime();
        received += octets;
    }

    /** Whether it has lasted so long. */
    boolean lasts(Duration time) {
        return System.nanoTime() - begun >= time.toNanos();
    }

    /** Whether the client has used up its time. */
    @Override
    public boolean isReached() {
        boolean othersWait = full.getAsBoolean();
        Duration silence = othersWait ? timeouts.clientWhenFull() : timeouts.client();
        long leastRate = (long) timeouts.leastRate() * (othersWait ? HASTE : 1);
        long now = System.nanoTime();
        boolean tooSilent = now - lastHeard >= silence.toNanos();
        boolean tooSlow =
                now - begun >= silence.plusSeconds(received / leastRate).toNanos();
        return tooSilent || tooSlow;
    }
}
