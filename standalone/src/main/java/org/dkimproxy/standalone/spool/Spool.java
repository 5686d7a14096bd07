package org.dkimproxy.standalone.spool;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Set;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.dkimproxy.signing.LineEndings;
import org.jspecify.annotations.Nullable;

/**
 * One message in waiting: in memory while it is small, then in a file that only its owner may read and that has no name
 * from the moment it exists, so that nothing is left behind whatever happens. Not thread-safe.
 *
 * <p>What is read back from the file is checked against a CRC of what was written. All spools have a {@link
 * SpoolBudget} together: without memory left in it a message goes to its file sooner, and without room it is not kept.
 */
public final class Spool implements Closeable {
    /** Octets kept in memory. */
    public static final int MEMORY = 256 * 1024;

    private static final int FIRST_BUFFER = 8 * 1024;
    private static final int READ_BUFFER = 64 * 1024;

    private final Path directory;
    private final SpoolBudget budget;
    private final int memory;
    private final CRC32C written = new CRC32C();
    private byte[] tail;
    private int tailLength;
    private @Nullable FileChannel file;
    private long fileLength;
    private long charged;
    private boolean closed;

    /** A spool whose file, if it needs one, is made in this directory. */
    public Spool(Path directory, SpoolBudget budget) {
        this(directory, budget, MEMORY);
    }

    Spool(Path directory, SpoolBudget budget, int memory) {
        this.directory = directory;
        this.budget = budget;
        this.memory = memory;
        this.tail = new byte[Math.min(FIRST_BUFFER, memory)];
        budget.forceMemory(tail.length);
    }

    /**
     * Appends octets.
     *
     * @throws IOException if the budget is used up, or the file cannot be made or written, as on a full disk; the spool
     *     is of no use then
     */
    public void write(byte[] array, int offset, int length) throws IOException {
        if (!budget.take(length)) {
            throw new IOException("the messages under way have used up spool_budget");
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

    /** Octets written so far. */
    public long size() {
        return fileLength + tailLength;
    }

    /** Whether part of the message is in a file. */
    public boolean usesFile() {
        return file != null;
    }

    /**
     * Hands on all octets from the first, in chunks. May be called again.
     *
     * @throws SpoolException if the file cannot be read or holds something other than what was written; some octets
     *     may have been handed on before
     */
    public <X extends Exception> void read(LineEndings.Sink<X> sink) throws X, SpoolException {
        if (file != null) {
            readFile(file, sink);
        }
        sink.write(tail, 0, tailLength);
    }

    /** Frees the file and what was taken of the budget; may be called again. */
    @Override
    public void close() throws IOException {
        if (!closed) {
            closed = true;
            budget.giveBack(charged, tail.length);
        }
        if (file != null) {
            file.close();
        }
    }

    private void makeRoom(int wanted) throws IOException {
        if (file == null && growTail(wanted)) {
            return;
        }
        if (file == null) {
            file = createUnnamed(directory);
        }
        ByteBuffer buffer = ByteBuffer.wrap(tail, 0, tailLength);
        while (buffer.hasRemaining()) {
            file.write(buffer, fileLength + buffer.position());
        }
        written.update(tail, 0, tailLength);
        fileLength += tailLength;
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

    private <X extends Exception> void readFile(FileChannel channel, LineEndings.Sink<X> sink)
            throws X, SpoolException {
        CRC32C read = new CRC32C();
        ByteBuffer buffer = ByteBuffer.allocate(READ_BUFFER);
        long position = 0;
        while (position < fileLength) {
            buffer.clear().limit((int) Math.min(READ_BUFFER, fileLength - position));
            int count = read(channel, buffer, position);
            read.update(buffer.array(), 0, count);
            sink.write(buffer.array(), 0, count);
            position += count;
        }
        if (read.getValue() != written.getValue()) {
            throw new SpoolException("spool file does not hold what was written to it");
        }
    }

    private static int read(FileChannel channel, ByteBuffer buffer, long position) throws SpoolException {
        try {
            int count = channel.read(buffer, position);
            if (count <= 0) {
                throw new SpoolException("spool file is shorter than what was written to it");
            }
            return count;
        } catch (SpoolException e) {
            throw e;
        } catch (IOException e) {
            throw new SpoolException("spool file cannot be read: " + e.getMessage(), e);
        }
    }

    private static FileChannel createUnnamed(Path directory) throws IOException {
        Path path = directory.resolve("dkimproxy-" + UUID.randomUUID());
        FileChannel channel = FileChannel.open(
                path,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try {
            Files.delete(path);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        return channel;
    }
}
