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
    private static final long SHORTEST_WAIT_NANOS = Duration.ofMillis(1).toNanos();

    private final int maximum;
    private final long graceNanos;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition room = lock.newCondition();

    /** In the order in which they were accepted. */
    private final Set<HttpConnection> open = new LinkedHashSet<>();

    /** @param grace a client that has been waited for less long is not slow */
    HttpConnections(int maximum, Duration grace) {
        this.maximum = maximum;
        this.graceNanos = grace.toNanos();
    }

    /** Adds a connection, after the slowest was closed if the maximum is reached; waits while none of them is slow. */
    void add(HttpConnection connection) throws InterruptedException {
        lock.lock();
        try {
            while (open.size() >= maximum) {
                long now = System.nanoTime();
                if (!closeSlowest(now)) {
                    long _ = room.awaitNanos(remainingNanos(now));
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
                .filter(connection -> connection.waitNanos(nowNanos) >= graceNanos)
                .filter(connection -> phase != Phase.REQUEST || !connection.hasInput())
                .findFirst();
    }

    /** How long it takes until one that waits for its client may be closed. */
    private long remainingNanos(long nowNanos) {
        long remaining = open.stream()
                .filter(connection -> connection.phase() != Phase.PAGE)
                .mapToLong(connection -> graceNanos - connection.waitNanos(nowNanos))
                .min()
                .orElse(graceNanos);
        return Math.max(remaining, SHORTEST_WAIT_NANOS);
    }

    private static void close(HttpConnection connection) {
        try {
            connection.close();
        } catch (IOException _) {
            // closed as far as it can be
        }
    }
}
