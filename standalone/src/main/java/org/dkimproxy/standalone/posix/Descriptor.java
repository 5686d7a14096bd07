package org.dkimproxy.standalone.posix;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.WritableByteChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * An open file that is written to, and whose group and mode are changed, by its descriptor: even if its name is replaced
 * meanwhile, no other file is meant. Used by one thread at a time.
 */
public final class Descriptor implements WritableByteChannel {
    private static final int AT_FDCWD = -100;
    private static final int AT_SYMLINK_FOLLOW = 0x400;
    private static final int EEXIST = 17;
    private static final String NAME_OF_TEMPORARY = "XXXXXX";
    private static final int SAME_USER = -1;

    private final SystemCall write =
            new SystemCall("write", ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG);
    private final int number;
    private final Path path;
    private boolean isOpen = true;

    private Descriptor(int number, Path path) {
        this.number = number;
        this.path = path;
    }

    /**
     * Creates a file with a name of its own, that only its owner can read. The C library opens it exclusively (O_EXCL), so
     * neither a file that is there nor a symbolic link is ever used.
     *
     * @param directory where
     * @param prefix of its name
     */
    public static Descriptor createTemporary(Path directory, String prefix) throws IOException {
        Path template = directory.resolve(prefix + NAME_OF_TEMPORARY);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = arena.allocateFrom(template.toString(), OpenFiles.NAMES);
            int number = new SystemCall("mkstemp", ValueLayout.ADDRESS).call(name);
            return new Descriptor(number, Path.of(name.getString(0, OpenFiles.NAMES)));
        } catch (SystemCallException e) {
            throw new FileSystemException(directory.toString(), null, e.reason());
        }
    }

    /**
     * A second descriptor of an open file of this process.
     *
     * @param number the first one
     * @param name for messages
     */
    public static Descriptor duplicate(int number, Path name) throws IOException {
        return new Descriptor(call(name, "dup", new MemoryLayout[] {ValueLayout.JAVA_INT}, number), name);
    }

    /** The name with which it was opened. */
    public Path path() {
        return path;
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
        if (!isOpen) {
            throw new ClosedChannelException();
        }
        byte[] bytes = new byte[source.remaining()];
        source.duplicate().get(bytes);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment copy = arena.allocateFrom(ValueLayout.JAVA_BYTE, bytes);
            int written = write.call(number, copy, (long) bytes.length);
            source.position(source.position() + written);
            return written;
        } catch (SystemCallException e) {
            throw new FileSystemException(path.toString(), null, e.reason());
        }
    }

    /** Gives the file to a group (fchown). */
    public void changeGroup(int group) throws IOException {
        call(
                path,
                "fchown",
                new MemoryLayout[] {ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT},
                number,
                SAME_USER,
                group);
    }

    /** Gives the file this mode, for any umask (fchmod). */
    public void changeMode(int mode) throws IOException {
        call(path, "fchmod", new MemoryLayout[] {ValueLayout.JAVA_INT, ValueLayout.JAVA_INT}, number, mode);
    }

    /**
     * Gives the file another name: this file, even if its first name has gone to another meanwhile.
     *
     * @throws FileAlreadyExistsException if there is a file of that name
     */
    public void linkTo(Path name) throws IOException {
        Path open = OpenFiles.name(number);
        if (!OpenFiles.IS_LINUX || !Files.exists(open)) {
            Files.createLink(name, path);
            return;
        }
        try (Arena arena = Arena.ofConfined()) {
            new SystemCall(
                            "linkat",
                            ValueLayout.JAVA_INT,
                            ValueLayout.ADDRESS,
                            ValueLayout.JAVA_INT,
                            ValueLayout.ADDRESS,
                            ValueLayout.JAVA_INT)
                    .call(
                            AT_FDCWD,
                            arena.allocateFrom(open.toString()),
                            AT_FDCWD,
                            arena.allocateFrom(name.toString(), OpenFiles.NAMES),
                            AT_SYMLINK_FOLLOW);
        } catch (SystemCallException e) {
            throw e.errno() == EEXIST
                    ? new FileAlreadyExistsException(name.toString())
                    : new FileSystemException(name.toString(), null, e.reason());
        }
    }

    /** Waits until the file is on the disk (fsync). */
    public void force() throws IOException {
        call(path, "fsync", new MemoryLayout[] {ValueLayout.JAVA_INT}, number);
    }

    @Override
    public boolean isOpen() {
        return isOpen;
    }

    @Override
    public void close() throws IOException {
        if (isOpen) {
            isOpen = false;
            call(path, "close", new MemoryLayout[] {ValueLayout.JAVA_INT}, number);
        }
    }

    private static int call(Path path, String function, MemoryLayout[] types, Object... arguments) throws IOException {
        try {
            return new SystemCall(function, types).call(arguments);
        } catch (SystemCallException e) {
            throw new FileSystemException(path.toString(), null, e.reason());
        }
    }
}
