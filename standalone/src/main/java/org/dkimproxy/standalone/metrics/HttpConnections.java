package org.dkimproxy.standalone.metrics;

import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.dkimproxy.standalone.metrics.HttpConnection.Phase;

/**
 * The open connections of the {@link HttpEndpoint}, up to a maximum. When it is reached, a new client takes the place of the
 * slowest: the oldest that has not sent its request, or else the oldest that has not taken its response. Thread-safe.
 */
final class HttpConnections {
    /**
     * A client that has been waited for less long is not slow: it needs a round trip to send its request, and clients that
     * reconnect at once would otherwise replace everyone before the request arrives.
     */
    private static final long GRACE_NANOS = Duration.ofMillis(100).toNanos();

    private final int maximum;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition room = lock.newCondition();

    /** In the order in which they were accepted. */
    private final Set<HttpConnection> open = new LinkedHashSet<>();

    HttpConnections(int maximum) {
        this.maximum = maximum;
    }

    /** Adds a connection, after the slowest was closed if the maximum is reached; waits while none of them is slow. */
    void add(HttpConnection connection) throws InterruptedException {
        lock.lock();
        try {
            while (open.size() >= maximum) {
                long now = System.nanoTime();
                if (!closeSlowest(now)) {
                    long _ = room.awaitNanos(graceNanos(now));
                }
            }
            open.add(connection);
        } finally {
            lock.unlock();
        }
    }

    /** Removes a connection that was served. */
    void remove(HttpConnection connection) {
        lock.lock();
        try {
            if (open.remove(connection)) {
                room.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean closeSlowest(long nowNanos) {
        Optional<HttpConnection> slowest = oldest(Phase.REQUEST, nowNanos).or(() -> oldest(Phase.RESPONSE, nowNanos));
        slowest.ifPresent(connection -> {
            open.remove(connection);
            close(connection);
        });
        return slowest.isPresent();
    }

    private Optional<HttpConnection> oldest(Phase phase, long nowNanos) {
        return open.stream()
                .filter(connection -> connection.phase() == phase)
                .filter(connection -> connection.waitNanos(nowNanos) >= GRACE_NANOS)
                .findFirst();
    }

    /** How long it takes until one that waits for its client may be closed. */
    private long graceNanos(long nowNanos) {
        long grace = open.stream()
                .filter(connection -> connection.phase() != Phase.PAGE)
                .mapToLong(connection -> GRACE_NANOS - connection.waitNanos(nowNanos))
                .min()
                .orElse(GRACE_NANOS);
        return Math.max(grace, 1);
    }

    private static void close(HttpConnection connection) {
        try {
            connection.close();
        } catch (IOException _) {
            // closed as far as it can be
        }
    }
}
