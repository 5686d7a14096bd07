package org.dkimproxy.standalone.session;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.dkimproxy.standalone.access.ConnectionLimit;
import org.dkimproxy.standalone.spool.SpoolBudget;

/**
 * Whether something that sessions hold is exhausted while another client needs it: connections, connections of the relay,
 * or the spool budget. Slow clients then have to make room. Thread-safe.
 */
final class Overload {
    private final ConnectionLimit connections;
    private final SpoolBudget spool;
    private final Duration lateGreeting;
    private final Set<RelayWait> relayWaits = ConcurrentHashMap.newKeySet();
    private volatile boolean relayIsLate;

    /**
     * Watches these.
     *
     * @param lateGreeting how long a relay has to greet before its connections count as exhausted
     */
    Overload(ConnectionLimit connections, SpoolBudget spool, Duration lateGreeting) {
        this.connections = connections;
        this.spool = spool;
        this.lateGreeting = lateGreeting;
    }

    /** Whether a client waits for a connection. */
    boolean isOfConnections() {
        return connections.isExhausted();
    }

    /** Whether sessions that send no message have to make room. */
    boolean affectsCommands() {
        return connections.isExhausted() || relayIsLate;
    }

    /** Whether sessions that send a message too slowly have to make room. */
    boolean affectsMessages() {
        return affectsCommands() || spool.isExhausted();
    }

    /** Begins to wait for the relay's greeting. */
    RelayWait awaitRelay() {
        RelayWait wait = new RelayWait();
        relayWaits.add(wait);
        return wait;
    }

    /** Finds out whether the relay is late; called periodically. */
    void look() {
        relayIsLate = relayWaits.stream().anyMatch(RelayWait::isLate);
    }

    /** A session that waits for the relay's greeting, until it is closed. */
    final class RelayWait implements AutoCloseable {
        private final long begun = System.nanoTime();

        private boolean isLate() {
            return System.nanoTime() - begun >= lateGreeting.toNanos();
        }

        @Override
        public void close() {
            relayWaits.remove(this);
        }
    }
}
