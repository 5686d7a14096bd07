package org.dkimproxy.standalone.spool;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * What all messages in waiting have together: so much memory, beyond which they wait on disk, as much again for what they
 * take beside, so many octets in all, and the {@link Disk}. Thread-safe.
 */
public final class SpoolBudget {
    private static final long MOST_MEMORY = 64L << 20;
    private static final int SHARE_OF_HEAP = 4;

    /** What a message may take beside without being counted, so that no other message is in the way of an ordinary one. */
    private static final long FREE_BESIDE = 64L << 10;

    private final long memory;
    private final LongSupplier total;
    private final Disk disk;
    private final AtomicLong memoryTaken = new AtomicLong();
    private final AtomicLong besideTaken = new AtomicLong();
    private final AtomicLong taken = new AtomicLong();

    /** A budget of so many octets in all, asked for each time; memory is a part of the heap. */
    public SpoolBudget(LongSupplier total) {
        this(shareOfHeap(), total, Disk.onOwnThreads());
    }

    SpoolBudget(long memory, LongSupplier total, Disk disk) {
        this.memory = memory;
        this.total = total;
        this.disk = disk;
    }

    /** A budget for messages that come one by one. */
    public static SpoolBudget unlimited() {
        return new SpoolBudget(shareOfHeap(), () -> Long.MAX_VALUE, Disk.onSameThread());
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

    /** Counts what a message takes beside, in place of what it took before; false if there is none, and then it takes nothing. */
    boolean countBeside(long before, long after) {
        long counted = Math.max(0, before - FREE_BESIDE);
        besideTaken.addAndGet(-counted);
        return take(besideTaken, Math.max(0, after - FREE_BESIDE), memory);
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
