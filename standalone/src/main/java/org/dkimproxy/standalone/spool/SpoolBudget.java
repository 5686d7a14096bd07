package org.dkimproxy.standalone.spool;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * What all messages in waiting may have together: so much memory, beyond which they wait on disk, and so many octets in
 * all. Thread-safe.
 */
public final class SpoolBudget {
    private static final long MOST_MEMORY = 64L << 20;
    private static final int SHARE_OF_HEAP = 4;

    private final long memory;
    private final LongSupplier total;
    private final AtomicLong memoryTaken = new AtomicLong();
    private final AtomicLong taken = new AtomicLong();

    /** A budget of so many octets in all, asked for each time; memory is a part of the heap. */
    public SpoolBudget(LongSupplier total) {
        this(Math.min(MOST_MEMORY, Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP), total);
    }

    SpoolBudget(long memory, LongSupplier total) {
        this.memory = memory;
        this.total = total;
    }

    /** A budget for messages that come one by one. */
    public static SpoolBudget unlimited() {
        return new SpoolBudget(() -> Long.MAX_VALUE);
    }

    /** Octets of all messages that wait at the moment. */
    public long taken() {
        return taken.get();
    }

    /** Takes room for octets of a message; false if there is none. */
    boolean take(long octets) {
        return take(taken, octets, total.getAsLong());
    }

    /** Takes memory; false if there is none. */
    boolean takeMemory(long octets) {
        return take(memoryTaken, octets, memory);
    }

    /** Takes memory that a message cannot do without. */
    void forceMemory(long octets) {
        memoryTaken.addAndGet(octets);
    }

    /** Gives back what was taken for one message. */
    void giveBack(long octets, long memoryOctets) {
        taken.addAndGet(-octets);
        memoryTaken.addAndGet(-memoryOctets);
    }

    private static boolean take(AtomicLong account, long octets, long limit) {
        if (account.addAndGet(octets) <= limit) {
            return true;
        }
        account.addAndGet(-octets);
        return false;
    }
}
