package org.dkimproxy.standalone.posix;

import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Opens a file for root, from the root directory on: each component is opened relative to the previous one and without
 * following links (O_NOFOLLOW), and of a symbolic link it is the opened one whose owner is looked at and whose target is
 * read. So nobody can exchange a component between a look and its use. Links of other users are refused.
 *
 * <p>For {@code /var/log/dkimproxy/out.log}, where {@code /var/log} is a link of root's to {@code /srv/log}, it opens
 * {@code /}, {@code var}, the link, and from {@code /} again {@code srv}, {@code log} and {@code dkimproxy}; the last one
 * stays open, and {@link #file} is {@code out.log} in it.
 *
 * <p>On Linux only, which opens links (O_PATH); elsewhere root follows none, by their names.
 */
final class RootWalk implements Closeable {
    private static final int ROOT = 0;

    /** As many as Linux follows. */
    private static final int MOST_LINKS = 40;

    private static final int LONGEST_TARGET = 4096;
    private static final int FILE_TYPE = 0170000;
    private static final int SYMBOLIC_LINK = 0120000;
    private static final int O_CLOEXEC = 02000000;
    private static final int O_PATH = 010000000;
    private static final int ENOENT = 2;
    private static final int EACCES = 13;
    private static final int NONE = -1;

    private final boolean followsLast;
    private final Deque<Path> rest = new ArrayDeque<>();

    /** The directory that was reached, and its path for messages. */
    private int directory = NONE;

    private int existing = NONE;
    private Path reached = Path.of("/");
    private int links;
    private Path file;

    private RootWalk(Path path, boolean followsLast) {
        this.followsLast = followsLast;
        this.file = path;
    }

    /**
     * Goes to the directory of a file.
     *
     * @param path absolute
     * @param followsLast whether the file itself may be a symbolic link of root's
     * @throws IOException if the way cannot be gone; the message of a refused link is for a person
     */
    static RootWalk to(Path path, boolean followsLast) throws IOException {
        RootWalk walk = new RootWalk(path, followsLast);
        if (!OpenFiles.IS_LINUX) {
            refuseLinks(followsLast ? path : Objects.requireNonNull(path.getParent()));
            return walk;
        }
        try {
            walk.restart();
            walk.push(path);
            while (!walk.step()) {
                // one component more
            }
            return walk;
        } catch (IOException | RuntimeException failed) {
            walk.close();
            throw failed;
        }
    }

    /** The path by which this process reaches the file, by its name in the open directory. */
    Path file() {
        return file;
    }

    /** The path by which this process reaches the file that had this name, if there was one and links are followed. */
    Optional<Path> existing() {
        return existing == NONE ? Optional.empty() : Optional.of(OpenFiles.name(existing));
    }

    @Override
    public void close() {
        close(directory);
        close(existing);
        directory = NONE;
        existing = NONE;
    }

    /** Takes the next component; returns true if it is the file. */
    private boolean step() throws IOException {
        if (rest.isEmpty()) {
            throw new FileSystemException(reached.toString(), null, "Is a directory");
        }
        Path name = rest.pop();
        boolean isLast = rest.isEmpty();
        int next = isLast && !followsLast ? NONE : open(name, isLast);
        if (next == NONE) {
            file = OpenFiles.name(directory).resolve(name);
            return true;
        }
        int stays = next;
        try {
            if (isLink(next)) {
                follow(next, reached.resolve(name));
                return false;
            }
            stays = NONE;
            if (isLast) {
                existing = next;
                file = OpenFiles.name(directory).resolve(name);
                return true;
            }
            close(directory);
            directory = next;
            reached = reached.resolve(name).normalize();
            return false;
        } finally {
            close(stays);
        }
    }

    private void follow(int link, Path name) throws IOException {
        Object owner = Files.getAttribute(OpenFiles.name(link), "unix:uid");
        if (!owner.equals(ROOT)) {
            throw new IOException(
                    name + " is a symbolic link that belongs to user " + owner
                            + ", and root follows none but its own; name the file itself, or give the link to root with chown -h");
        }
        if (++links > MOST_LINKS) {
            throw new IOException("too many symbolic links");
        }
        Path target = target(link, name);
        if (target.isAbsolute()) {
            restart();
        }
        push(target);
    }

    private void restart() throws IOException {
        close();
        reached = Path.of("/");
        try (Arena arena = Arena.ofConfined()) {
            directory = new SystemCall("open", ValueLayout.ADDRESS, ValueLayout.JAVA_INT)
                    .call(arena.allocateFrom("/"), O_PATH | O_CLOEXEC);
        } catch (SystemCallException e) {
            throw failure(e, reached);
        }
    }

    private void push(Path path) {
        List<Path> all = new ArrayList<>();
        path.forEach(all::add);
        all.reversed().forEach(rest::push);
    }

    /** Opens a component of any type; returns {@link #NONE} for a file that is yet to be created. */
    private int open(Path name, boolean isLast) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            return new SystemCall("openat", ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT)
                    .call(
                            directory,
                            arena.allocateFrom(name.toString(), OpenFiles.NAMES),
                            O_PATH | noFollow() | O_CLOEXEC);
        } catch (SystemCallException e) {
            if (isLast && e.errno() == ENOENT) {
                return NONE;
            }
            throw failure(e, reached.resolve(name));
        }
    }

    private static Path target(int link, Path name) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment text = arena.allocate(LONGEST_TARGET);
            int length = new SystemCall(
                            "readlinkat",
                            ValueLayout.JAVA_INT,
                            ValueLayout.ADDRESS,
                            ValueLayout.ADDRESS,
                            ValueLayout.JAVA_LONG)
                    .call(link, arena.allocateFrom(""), text, (long) LONGEST_TARGET);
            return Path.of(new String(text.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE), OpenFiles.NAMES));
        } catch (SystemCallException e) {
            throw failure(e, name);
        }
    }

    private static boolean isLink(int descriptor) throws IOException {
        Map<String, Object> found = Files.readAttributes(OpenFiles.name(descriptor), "unix:mode");
        return found.get("mode") instanceof Integer mode && (mode & FILE_TYPE) == SYMBOLIC_LINK;
    }

    private static void close(int descriptor) {
        if (descriptor != NONE) {
            try {
                new SystemCall("close", ValueLayout.JAVA_INT).call(descriptor);
            } catch (SystemCallException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** {@code O_NOFOLLOW}, the one flag of these with more than one value. */
    private static int noFollow() {
        return switch (System.getProperty("os.arch")) {
            case "aarch64", "arm", "ppc64", "ppc64le" -> 0100000;
            default -> 0400000;
        };
    }

    private static IOException failure(SystemCallException reason, Path path) {
        return switch (reason.errno()) {
            case ENOENT -> new NoSuchFileException(path.toString());
            case EACCES -> new AccessDeniedException(path.toString());
            default -> new FileSystemException(path.toString(), null, reason.reason());
        };
    }

    private static void refuseLinks(Path path) throws IOException {
        for (Path at = path; at != null; at = at.getParent()) {
            if (Files.isSymbolicLink(at)) {
                throw new IOException(at + " is a symbolic link, and root follows none; name the file itself");
            }
        }
    }
}
