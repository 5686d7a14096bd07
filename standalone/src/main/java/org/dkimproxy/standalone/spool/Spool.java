package org.dkimproxy.standalone.spool;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.dkimproxy.signing.canonical.OctetSink;
import org.dkimproxy.standalone.access.ClientNetwork;

/**
 * One message in waiting: in memory while it is small, then in a {@link SpoolFile}. Not thread-safe.
 *
 * <p>All spools share a {@link SpoolBudget}: without memory left in it a message goes to its file sooner, and without room
 * it waits for some and then is not kept.
 */
public final class Spool implements Closeable {
    /** Octets kept in memory. */
    public static final int MEMORY = 256 * 1024;

    private static final int FIRST_BUFFER = 8 * 1024;
    private static final byte[] NOTHING = {};

    private final Path directory;
    private final SpoolBudget budget;
    private final ClientNetwork client;
    private final int memory;
    private byte[] tail;
    private int tailLength;
    private Optional<SpoolFile> file = Optional.empty();
    private long charged;
    private long beside;
    private boolean closed;

    /**
     * A spool for a message of this client.
     *
     * @param directory where its file is created, if it needs one
     */
    public Spool(Path directory, SpoolBudget budget, ClientNetwork client) {
        this(directory, budget, client, MEMORY);
    }

    Spool(Path directory, SpoolBudget budget, ClientNetwork client, int memory) {
        this.directory = directory;
        this.budget = budget;
        this.client = client;
        this.memory = memory;
        this.tail = new byte[Math.min(FIRST_BUFFER, memory)];
        budget.forceMemory(tail.length);
    }

    /**
     * Appends octets; waits for room in the budget.
     *
     * @throws IOException if the budget is used up, or the file cannot be made or written, as on a full disk; the spool
     *     is of no use then
     */
    public void write(byte[] array, int offset, int length) throws IOException {
        if (!budget.take(client, charged, length)) {
            throw new IOException("the messages in flight have used up spool_budget");
        }
        charged += length;
        int from = offset;
        int left = length;
        while (left > 0) {
            if (tailLength == tail.length) {
                makeRoom(left);
            }
            int count = Math.min(left, tail.length - tailLength);
            System.arraycopy(array, from, tail, tailLength, count);
            tailLength += count;
            from += count;
            left -= count;
        }
    }

    /**
     * Counts the memory that the message takes outside of the spool, in place of what was told before.
     *
     * @throws IOException if all messages together take too much; the spool is of no use then
     */
    public void countBeside(long octets) throws IOException {
        long before = beside;
        beside = octets;
        if (!budget.countBeside(before, octets)) {
            beside = 0;
            throw new IOException("the headers of the messages in flight take too much memory");
        }
    }

    /** Octets written so far. */
    public long size() {
        return file.map(SpoolFile::length).orElse(0L) + tailLength;
    }

    /** Whether part of the message is in a file. */
    public boolean usesFile() {
        return file.isPresent();
    }

    /**
     * Hands on all octets from the first, in chunks. May be called again.
     *
     * @throws SpoolException if the file cannot be read or holds something other than what was written; some octets
     *     may have been handed on before
     */
    public <X extends Exception> void read(OctetSink<X> sink) throws X, SpoolException {
        if (file.isPresent()) {
            file.get().read(sink);
        }
        sink.write(tail, 0, tailLength);
    }

    /** Frees the memory, the file and what was taken of the budget; may be called again. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            budget.giveBack(client, charged);
            budget.giveMemoryBack(tail.length);
            budget.countBeside(beside, 0);
            tail = NOTHING;
            tailLength = 0;
            file.ifPresent(SpoolFile::close);
            file = Optional.empty();
        }
    }

    private void makeRoom(int wanted) throws IOException {
        if (file.isEmpty() && growTail(wanted)) {
            return;
        }
        if (file.isEmpty()) {
            file = Optional.of(SpoolFile.create(directory, budget.disk()));
        }
        file.get().append(tail, tailLength);
        tailLength = 0;
    }

    private boolean growTail(int wanted) {
        int grown = (int) Math.min(memory, Math.max(tail.length * 2L, (long) tailLength + wanted));
        if (grown == tail.length || !budget.takeMemory((long) grown - tail.length)) {
            return false;
        }
        tail = Arrays.copyOf(tail, grown);
        return true;
    }
}
