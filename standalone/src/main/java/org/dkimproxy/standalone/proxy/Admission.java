package org.dkimproxy.standalone.proxy;

import java.net.InetAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** How many clients are served, in all and of each address. Thread-safe. */
final class Admission {
    private final int most;
    private final Semaphore places;
    private final Map<InetAddress, Integer> clients = new ConcurrentHashMap<>();
    private volatile boolean full;

    /** Places for so many clients. */
    Admission(int most) {
        this.most = most;
        this.places = new Semaphore(most);
    }

    /**
     * Waits for a place and takes it, for a client that is there.
     *
     * @return false if none was given back in this time, or the thread was interrupted
     */
    boolean takePlace(Duration time) {
        boolean taken = places.tryAcquire();
        if (!taken) {
            full = true;
            taken = acquire(1, time);
        }
        full = !taken;
        return taken;
    }

    /** Gives a place back. */
    void leavePlace() {
        places.release();
    }

    /** Whether all places are taken and a client waits for one. */
    boolean isFull() {
        return full;
    }

    /** How many places are taken. */
    int taken() {
        return most - places.availablePermits();
    }

    /** Waits until every place is free; false if one is not in this time. */
    boolean awaitEmpty(Duration time) {
        boolean empty = acquire(most, time);
        if (empty) {
            places.release(most);
        }
        return empty;
    }

    /** Counts a client of this address in, unless there are {@code limit} of them; 0 is no limit. */
    boolean enter(InetAddress client, int limit) {
        int count = clients.merge(client, 1, Integer::sum);
        if (limit == 0 || count <= limit) {
            return true;
        }
        leave(client);
        return false;
    }

    /** Counts a client out. */
    void leave(InetAddress client) {
        clients.computeIfPresent(client, (_, count) -> count == 1 ? null : count - 1);
    }

    private boolean acquire(int count, Duration time) {
        try {
            return places.tryAcquire(count, time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
