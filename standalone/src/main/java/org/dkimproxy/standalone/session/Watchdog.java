package org.dkimproxy.standalone.session;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.dkimproxy.standalone.log.DkimproxyLog;
import org.dkimproxy.standalone.log.Faults;

/**
 * Keeps the time limits of all open connections, on one thread: no read or write has a timer of its own. Closes what is
 * left at the end. Thread-safe.
 */
final class Watchdog {
    private final Overload overload;
    private final Duration interval;
    private final DkimproxyLog log;
    private final Set<Connection> watched = ConcurrentHashMap.newKeySet();
    private final CountDownLatch stopped = new CountDownLatch(1);

    /**
     * A watchdog that sleeps until {@link #start}.
     *
     * @param overload is brought up to date too
     * @param interval between two looks
     */
    Watchdog(Overload overload, Duration interval, DkimproxyLog log) {
        this.overload = overload;
        this.interval = interval;
        this.log = log;
    }

    /** A connection that is watched, until this is closed. */
    interface Watch extends AutoCloseable {
        @Override
        void close();
    }

    /** Keeps the time limits of a connection. */
    Watch watch(Connection connection) {
        watched.add(connection);
        return () -> watched.remove(connection);
    }

    /** Begins to look, on a thread that does not keep the program alive. */
    void start() {
        Thread.ofPlatform().daemon().name("watchdog").start(this::run);
    }

    /** Closes all connections and ends the thread. */
    void stop() {
        watched.forEach(Connection::close);
        stopped.countDown();
    }

    private void run() {
        try {
            while (!stopped.await(interval.toMillis(), TimeUnit.MILLISECONDS)) {
                look();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void look() {
        try {
            overload.look();
            watched.forEach(Connection::keepTimeLimits);
        } catch (RuntimeException | OutOfMemoryError e) {
            // no other thread keeps the limits
            log.error("time limits cannot be kept: " + Faults.describe(e));
        }
    }
}
