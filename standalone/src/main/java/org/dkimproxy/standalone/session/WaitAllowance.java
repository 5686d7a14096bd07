package org.dkimproxy.standalone.session;

import java.time.Duration;

/**
 * Time that a client may keep the proxy waiting. Waiting uses it up, and octets received add to it, but never beyond its
 * maximum: a burst does not pay for a slow session afterwards.
 *
 * <p>Example: 300 s and 128 octets a second. A client that sends 1 MB at once has 300 s left, and one that then sends an
 * octet every 20 s has none left after another 300 s.
 *
 * <p>Used by the session's thread; {@link #isUsedUp} by any.
 */
final class WaitAllowance {
    private final long maximumNanos;
    private final long nanosPerOctet;
    private long leftNanos;
    private volatile long end;

    private WaitAllowance(Duration maximum, long nanosPerOctet) {
        this.maximumNanos = maximum.toNanos();
        this.nanosPerOctet = nanosPerOctet;
        renew();
    }

    /** An allowance to which octets add nothing. */
    static WaitAllowance fixed(Duration maximum) {
        return new WaitAllowance(maximum, 0);
    }

    /** An allowance that lasts for as long as the client keeps to this rate. */
    static WaitAllowance ofRate(Duration maximum, int octetsPerSecond) {
        return new WaitAllowance(maximum, Duration.ofSeconds(1).toNanos() / octetsPerSecond);
    }

    /** Makes the whole time available again. */
    void renew() {
        leftNanos = maximumNanos;
    }

    /** The proxy begins to wait. */
    void beginWait() {
        end = System.nanoTime() + leftNanos;
    }

    /** The proxy has received this many octets. */
    void endWait(int octets) {
        leftNanos = Math.min(maximumNanos, end - System.nanoTime() + octets * nanosPerOctet);
    }

    /** Whether the wait that has begun has lasted too long. */
    boolean isUsedUp() {
        return System.nanoTime() - end >= 0;
    }
}
