package org.dkimproxy.standalone.access;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many clients are connected and how many wait for a connection, in all and of each network. Thread-safe.
 *
 * <p>A network has a share of the connections. The share binds only while a client of another network waits, and never
 * on this machine: behind one mail server all connections come from one address.
 */
public final class ConnectionLimit {
    private final int maximum;
    private final Semaphore free;
    private final AtomicInteger waiting = new AtomicInteger();
    private final Map<ClientNetwork, Integer> openOf = new ConcurrentHashMap<>();
    private final Map<ClientNetwork, Integer> waitingOf = new ConcurrentHashMap<>();

    /** A limit of this many connections. */
    public ConnectionLimit(int maximum) {
        this.maximum = maximum;
        this.free = new Semaphore(maximum);
    }

    /** Opens a connection for a client; false if the maximum is reached. */
    public boolean tryOpen(ClientNetwork client) {
        boolean opened = free.tryAcquire();
        if (opened) {
            openOf.merge(client, 1, Integer::sum);
        }
        return opened;
    }

    /** Closes a connection that {@link #tryOpen} opened. */
    public void close(ClientNetwork client) {
        openOf.computeIfPresent(client, (_, count) -> count == 1 ? null : count - 1);
        free.release();
    }

    /** A client waits for a connection. */
    public void beginWait(ClientNetwork client) {
        waitingOf.merge(client, 1, Integer::sum);
        waiting.incrementAndGet();
    }

    /** A client for which {@link #beginWait} was called waits no longer. */
    public void endWait(ClientNetwork client) {
        waiting.decrementAndGet();
        waitingOf.computeIfPresent(client, (_, count) -> count == 1 ? null : count - 1);
    }

    /** Number of open connections. */
    public int open() {
        return maximum - free.availablePermits();
    }

    /** Number of open connections of this network. */
    public int open(ClientNetwork client) {
        return openOf.getOrDefault(client, 0);
    }

    /** Whether a client waits for a connection. */
    public boolean isExhausted() {
        return waiting.get() > 0;
    }

    /** Number of clients of this network that wait. */
    public int waiting(ClientNetwork client) {
        return waitingOf.getOrDefault(client, 0);
    }

    /** Whether a client of another network waits. */
    public boolean othersWait(ClientNetwork client) {
        return waiting.get() > waiting(client);
    }

    /** Whether this network has more than its share of connections while a client of another network waits. */
    public boolean exceedsShare(ClientNetwork client, int share) {
        return isExhausted() && !client.isLoopback() && open(client) > share && othersWait(client);
    }

    /** Whether one more connection leaves this network within its share. */
    public boolean isWithinShare(ClientNetwork client, int share) {
        return client.isLoopback() || open(client) < share;
    }

    /** Whether a connection can be opened. */
    public boolean hasFree() {
        return free.availablePermits() > 0;
    }

    /** Waits until a connection can be opened; false if none can after this time. */
    public boolean awaitFree(Duration time) {
        return awaitFree(1, time);
    }

    /** Waits until no connection is open; false if one still is after this time. */
    public boolean awaitNoneOpen(Duration time) {
        return awaitFree(maximum, time);
    }

    private boolean awaitFree(int count, Duration time) {
        try {
            boolean areFree = free.tryAcquire(count, time.toMillis(), TimeUnit.MILLISECONDS);
            if (areFree) {
                free.release(count);
            }
            return areFree;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
