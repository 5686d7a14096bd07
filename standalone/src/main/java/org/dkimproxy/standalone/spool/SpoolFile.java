package org.dkimproxy.standalone.spool;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.dkimproxy.signing.canonical.OctetSink;

/**
 * The part of a message that does not wait in memory: a file that only its owner may read, and whose name is taken away as
 * soon as it is made, so that nothing is left behind after a crash. What is read back is checked against a CRC of what
 * was written. Not thread-safe.
 */
final class SpoolFile implements Closeable {
    private static final int READ_BUFFER = 64 * 1024;

    private final FileChannel channel;
    private final Disk disk;
    private final CRC32C written = new CRC32C();
    private long length;

    private SpoolFile(FileChannel channel, Disk disk) {
        this.channel = channel;
        this.disk = disk;
    }

    /**
     * An empty file.
     *
     * @throws IOException if it cannot be made
     */
    static SpoolFile create(Path directory, Disk disk) throws IOException {
        return new SpoolFile(disk.call(() -> createUnnamed(directory)), disk);
    }

    /** Octets written so far. */
    long length() {
        return length;
    }

    /**
     * Appends the first {@code count} octets.
     *
     * @throws IOException if they cannot be written, as on a full disk
     */
    void append(byte[] octets, int count) throws IOException {
        disk.call(() -> {
            ByteBuffer buffer = ByteBuffer.wrap(octets, 0, count);
            while (buffer.hasRemaining()) {
                channel.write(buffer, length + buffer.position());
            }
            return count;
        });
        written.update(octets, 0, count);
        length += count;
    }

    /**
     * Hands on all octets from the first, in chunks. May be called again.
     *
     * @throws SpoolException if the file cannot be read or holds something other than what was written; some octets may
     *     have been handed on before
     */
    <X extends Exception> void read(OctetSink<X> sink) throws X, SpoolException {
        CRC32C read = new CRC32C();
        ByteBuffer buffer = ByteBuffer.allocate(READ_BUFFER);
        long position = 0;
        while (position < length) {
            buffer.clear().limit((int) Math.min(READ_BUFFER, length - position));
            int count = read(buffer, position);
            read.update(buffer.array(), 0, count);
            sink.write(buffer.array(), 0, count);
            position += count;
        }
        if (read.getValue() != written.getValue()) {
            throw new SpoolException("spool file does not hold what was written to it");
        }
    }

    /** Frees it. Nothing is lost by a fault here, since nothing of it is needed any more. */
    @Override
    public void close() {
        try {
            disk.call(() -> {
                channel.close();
                return length;
            });
        } catch (IOException _) {
            // it has no name, and nobody will ever read it
        }
    }

    private int read(ByteBuffer buffer, long position) throws SpoolException {
        int count;
        try {
            count = disk.call(() -> channel.read(buffer, position));
        } catch (IOException e) {
            throw new SpoolException("spool file cannot be read: " + e.getMessage(), e);
        }
        if (count <= 0) {
            throw new SpoolException("spool file is shorter than what was written to it");
        }
        return count;
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
