package org.dkimproxy.standalone.session;

import java.util.function.BooleanSupplier;

/**
 * Until when the proxy waits for a client. Under overload the time is shorter and the rate within a message higher, since
 * others need what this client holds. Time in which the proxy waits for the relay, or for room in the spool, does not
 * count.
 *
 * <p>Used by the session's thread; {@link #isReached} by any.
 */
final class ClientDeadline implements TimeLimit {
    private static final int OVERLOAD_FACTOR = 4;

    private final WaitAllowance plain;
    private final WaitAllowance overloaded;
    private final BooleanSupplier overload;

    private ClientDeadline(WaitAllowance plain, WaitAllowance overloaded, BooleanSupplier overload) {
        this.plain = plain;
        this.overloaded = overloaded;
        this.overload = overload;
    }

    /**
     * Deadlines of commands: each command has its time, and under overload all commands together until the next
     * {@link #transactionFinished}.
     */
    static ClientDeadline ofCommands(Timeouts timeouts, Overload overload) {
        return new ClientDeadline(
                WaitAllowance.fixed(timeouts.client()),
                WaitAllowance.fixed(timeouts.clientWhenFull()),
                overload::affectsCommands);
    }

    /** The deadline of a message, which lasts for as long as the average rate is at least {@link Timeouts#leastRate}. */
    static ClientDeadline ofMessage(Timeouts timeouts, Overload overload) {
        return new ClientDeadline(
                WaitAllowance.ofRate(timeouts.client(), timeouts.leastRate()),
                WaitAllowance.ofRate(timeouts.clientWhenFull(), timeouts.leastRate() * OVERLOAD_FACTOR),
                overload::affectsMessages);
    }

    /** The proxy begins to wait for the next command. */
    void beginCommand() {
        plain.renew();
        beginWait();
    }

    /** The proxy begins to wait for octets. */
    void beginWait() {
        plain.beginWait();
        overloaded.beginWait();
    }

    /** The proxy has received this many octets of a message, or a command, for which it is 0. */
    void endWait(int octets) {
        plain.endWait(octets);
        overloaded.endWait(octets);
    }

    /** The relay has accepted a message of this client. */
    void transactionFinished() {
        overloaded.renew();
    }

    /** Whether the client has used up its time. */
    @Override
    public boolean isReached() {
        return overload.getAsBoolean() ? overloaded.isUsedUp() : plain.isUsedUp();
    }
}
