package org.dkimproxy.standalone.posix;

import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A file by its name in a directory that cannot be exchanged for another one meanwhile. Root opens that directory component
 * by component ({@link RootWalk}) and holds it open: users who can write to a directory on the way, as the user of the program
 * may, could otherwise have root create, write or remove a file anywhere. For everybody else it is the path as it is.
 */
public final class TrustedPath implements Closeable {
    private static final int ROOT = 0;
    private static final int FILE_TYPE = 0170000;
    private static final int REGULAR_FILE = 0100000;
    private static final int FIFO = 0010000;
    private static final int WRITABLE_BY_OTHERS = 0022;
    private static final ReentrantLock MASK = new ReentrantLock();

    private final Path path;
    private final Optional<RootWalk> walk;

    private TrustedPath(Path path, Optional<RootWalk> walk) {
        this.path = path;
        this.walk = walk;
    }

    /**
     * A file that is no symbolic link itself; if it is one, {@link #open} refuses it.
     *
     * @throws IOException if the directory cannot be opened, or is behind a symbolic link that root does not follow
     */
    public static TrustedPath of(Path path) throws IOException {
        return of(path, false);
    }

    /**
     * A file that may be behind a symbolic link: one of its own for root, any other for other users.
     *
     * @throws IOException if the directory cannot be opened, or is behind a symbolic link that root does not follow
     */
    public static TrustedPath followed(Path path) throws IOException {
        return of(path, true);
    }

    private static TrustedPath of(Path path, boolean followsLast) throws IOException {
        Path absolute = path.toAbsolutePath();
        if (!SystemCall.isRoot()) {
            return new TrustedPath(absolute, Optional.empty());
        }
        RootWalk walk = RootWalk.to(absolute, followsLast);
        return new TrustedPath(walk.file(), Optional.of(walk));
    }

    /** The path by which this process reaches the file, until this is closed; to be used without following links. */
    public Path path() {
        return path;
    }

    /** The directory of the file, in the same way. */
    public Path directory() {
        return Objects.requireNonNull(path.getParent());
    }

    /**
     * Opens the file. Root opens no file that has another name too, if others can write to the directory: they could have
     * given this name to any file of the same file system.
     *
     * @param mode that of a new file, for any umask: such as {@code rw-r-----}
     */
    public FileChannel open(Set<? extends OpenOption> options, String mode) throws IOException {
        Set<OpenOption> all = new HashSet<>(options);
        Optional<Path> existing = walk.flatMap(RootWalk::existing);
        if (existing.isPresent()) {
            checkKind(existing.get());
            all.remove(StandardOpenOption.CREATE);
            return FileChannel.open(existing.get(), all);
        }
        if (walk.isPresent()) {
            all.add(LinkOption.NOFOLLOW_LINKS);
        }
        if (walk.isPresent() && all.remove(StandardOpenOption.CREATE)) {
            all.add(StandardOpenOption.CREATE_NEW);
        }
        // the umask is that of the whole process; other files that the program creates have a mode of their own as well
        MASK.lock();
        try {
            SystemCall umask = new SystemCall("umask", ValueLayout.JAVA_INT);
            int before = umask.call(0);
            try {
                return FileChannel.open(
                        path, all, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode)));
            } finally {
                umask.call(before);
            }
        } catch (SystemCallException never) {
            throw new IllegalStateException(never);
        } finally {
            MASK.unlock();
        }
    }

    private void checkKind(Path file) throws IOException {
        int type = attribute(file, "mode") & FILE_TYPE;
        if (type == FIFO) {
            throw new IOException("it is no file");
        }
        if (type == REGULAR_FILE && attribute(file, "nlink") > 1 && canOthersWrite(directory())) {
            throw new IOException("it is a hard link to another file, perhaps made by a user who can write to its"
                    + " directory; move it away");
        }
    }

    private static boolean canOthersWrite(Path directory) throws IOException {
        return attribute(directory, "uid") != ROOT || (attribute(directory, "mode") & WRITABLE_BY_OTHERS) != 0;
    }

    private static int attribute(Path file, String name) throws IOException {
        if (Files.getAttribute(file, "unix:" + name) instanceof Integer number) {
            return number;
        }
        throw new IllegalStateException(name);
    }

    @Override
    public void close() {
        walk.ifPresent(RootWalk::close);
    }
}
