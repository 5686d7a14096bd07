package org.dkimproxy.standalone.spool;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.dkimproxy.standalone.access.ClientNetwork;

/**
 * The room that all messages in flight share: memory, beyond which they wait on disk, as much again for what they take
 * beside, octets in all, and the {@link Disk}. Thread-safe.
 *
 * <p>A message for which there is no room waits until others give some back. While a client of another network waits, the
 * messages of one network get no more than half of the budget; messages from this machine may have all of it.
 */
public final class SpoolBudget {
    private static final long MOST_MEMORY = 64L << 20;
    private static final int SHARE_OF_HEAP = 4;
    private static final int SHARE_OF_NETWORK = 2;

    /** What a message may take beside without being counted, so that no other message is in the way of an ordinary one. */
    private static final long FREE_BESIDE = 64L << 10;

    private final long memory;
    private final LongSupplier total;
    private final Duration timeout;
    private final Disk disk;
    private final AtomicLong memoryTaken = new AtomicLong();
    private final AtomicLong besideTaken = new AtomicLong();
    private final AtomicLong taken = new AtomicLong();
    private final AtomicInteger holders = new AtomicInteger();
    private final Map<ClientNetwork, Long> takenBy = new ConcurrentHashMap<>();

    private final Lock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final AtomicInteger waiting = new AtomicInteger();
    private final Map<ClientNetwork, Integer> waitingOf = new ConcurrentHashMap<>();
    private int waitingHolders;

    /**
     * A budget of this many octets in all; memory is a part of the heap.
     *
     * @param total asked each time, so that it can change
     * @param timeout how long a message waits for room
     */
    public SpoolBudget(LongSupplier total, Duration timeout) {
        this(shareOfHeap(), total, timeout, Disk.onOwnThreads());
    }

    SpoolBudget(long memory, LongSupplier total, Duration timeout, Disk disk) {
        this.memory = memory;
        this.total = total;
        this.timeout = timeout;
        this.disk = disk;
    }

    /** A budget for messages that come one by one. */
    public static SpoolBudget unlimited() {
        return new SpoolBudget(shareOfHeap(), () -> Long.MAX_VALUE, Duration.ZERO, Disk.onSameThread());
    }

    private static long shareOfHeap() {
        return Math.min(MOST_MEMORY, Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP);
    }

    /** Where the files of messages are written and read. */
    Disk disk() {
        return disk;
    }

    /** Octets of all messages that wait at the moment. */
    public long taken() {
        return taken.get();
    }

    /** Whether a message waits for room. */
    public boolean isExhausted() {
        return waiting() > 0;
    }

    /** Number of messages that wait for room. */
    int waiting() {
        return waiting.get();
    }

    /**
     * Takes room for octets of a message, and waits for it if need be. If all messages that hold room wait for more, the
     * one that asks last gets none: only by its refusal can the others go on.
     *
     * @param held octets that the message holds already
     * @return false if there is no room
     */
    boolean take(ClientNetwork client, long held, long octets) {
        if (exceedsShare(client, octets)) {
            return false;
        }
        boolean isTaken = take(taken, octets, total.getAsLong()) || await(client, held, octets);
        if (!isTaken) {
            return false;
        }
        if (held == 0) {
            holders.incrementAndGet();
        }
        if (!client.isLoopback()) {
            takenBy.merge(client, octets, Long::sum);
        }
        return true;
    }

    /** Gives back all room of a message. */
    void giveBack(ClientNetwork client, long held) {
        if (held == 0) {
            return;
        }
        taken.addAndGet(-held);
        if (!client.isLoopback()) {
            takenBy.computeIfPresent(client, (_, all) -> all == held ? null : all - held);
        }
        holders.decrementAndGet();
        if (isExhausted()) {
            signalChange();
        }
    }

    /** Takes memory; false if there is none. */
    boolean takeMemory(long octets) {
        return take(memoryTaken, octets, memory);
    }

    /** Takes memory that a message cannot do without. */
    void forceMemory(long octets) {
        memoryTaken.addAndGet(octets);
    }

    /** Gives memory back. */
    void giveMemoryBack(long octets) {
        memoryTaken.addAndGet(-octets);
    }

    /** Counts what a message takes beside, in place of what it took before; false if there is none, and then it takes nothing. */
    boolean countBeside(long before, long after) {
        long counted = Math.max(0, before - FREE_BESIDE);
        besideTaken.addAndGet(-counted);
        return take(besideTaken, Math.max(0, after - FREE_BESIDE), memory);
    }

    private boolean await(ClientNetwork client, long held, long octets) {
        int asHolder = held > 0 ? 1 : 0;
        lock.lock();
        try {
            waitingOf.merge(client, 1, Integer::sum);
            waiting.incrementAndGet();
            waitingHolders += asHolder;
            changed.signalAll();
            return awaitLocked(client, octets);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            waitingHolders -= asHolder;
            waiting.decrementAndGet();
            waitingOf.computeIfPresent(client, (_, count) -> count == 1 ? null : count - 1);
            lock.unlock();
        }
    }

    private boolean awaitLocked(ClientNetwork client, long octets) throws InterruptedException {
        long left = timeout.toNanos();
        while (true) {
            // in this order: what a holder gives back, it has given back before it is no holder any more
            int all = holders.get();
            if (take(taken, octets, total.getAsLong())) {
                return true;
            }
            if (waitingHolders >= all || exceedsShare(client, octets) || left <= 0) {
                return false;
            }
            left = changed.awaitNanos(left);
        }
    }

    private void signalChange() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private boolean exceedsShare(ClientNetwork client, long octets) {
        return isExhausted()
                && !client.isLoopback()
                && waiting.get() > waitingOf.getOrDefault(client, 0)
                && takenBy.getOrDefault(client, 0L) + octets > total.getAsLong() / SHARE_OF_NETWORK;
    }

    private static boolean take(AtomicLong account, long octets, long limit) {
        if (account.addAndGet(octets) <= limit) {
            return true;
        }
        account.addAndGet(-octets);
        return false;
    }
}
