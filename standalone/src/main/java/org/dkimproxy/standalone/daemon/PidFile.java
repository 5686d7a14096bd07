package org.dkimproxy.standalone.daemon;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import org.dkimproxy.signing.key.FileErrors;
import org.dkimproxy.standalone.log.DkimproxyLog;

/**
 * A file that holds the number of the running process and a newline. It is always made anew and never written through a
 * link, so that nobody who can write to its directory can have this program overwrite a file elsewhere.
 *
 * <p>It stays open, and belongs to who made it: a program that gave up its rights may not remove it any more, or does not
 * see it from another root directory, but can still empty it. An empty one names no process.
 */
public final class PidFile {
    private static final int LONGEST = 32;
    private static final Set<PosixFilePermission> READABLE = PosixFilePermissions.fromString("rw-r--r--");

    private final Path path;
    private final long pid;
    private final FileChannel channel;

    private PidFile(Path path, long pid, FileChannel channel) {
        this.path = path;
        this.pid = pid;
        this.channel = channel;
    }

    /**
     * Checks that no process that runs is named by the file.
     *
     * @throws StartException if one is, or if what lies there is no PID file
     */
    public static void check(Path path) throws StartException {
        stale(path, ProcessHandle.current().pid());
    }

    /**
     * Writes the number of this process. A file that a process has left behind is replaced.
     *
     * @throws StartException if a process that runs is named by the file, or the file cannot be written
     */
    public static PidFile create(Path path, DkimproxyLog log) throws StartException {
        return create(path, ProcessHandle.current().pid(), log);
    }

    static PidFile create(Path path, long pid, DkimproxyLog log) throws StartException {
        try {
            Optional<String> stale = stale(path, pid);
            if (stale.isPresent()) {
                if (!stale.get().isEmpty()) {
                    log.warning("pid file " + path + ": replaced, since no process " + stale.get() + " runs");
                }
                Files.deleteIfExists(path);
            }
            return new PidFile(path, pid, write(path, pid));
        } catch (FileAlreadyExistsException e) {
            throw StartException.temporary("pid file " + path + " was made by another process just now");
        } catch (IOException e) {
            throw new StartException("pid file " + path + " cannot be written: " + FileErrors.describe(e));
        }
    }

    /** Removes the file, if it is still the one of this process; where that is not allowed any more, empties it. */
    public void remove(DkimproxyLog log) {
        try (channel) {
            if (!delete() && isOurs(read(Channels.newInputStream(channel.position(0))))) {
                channel.truncate(0);
                log.info("pid file " + path + ": emptied, since this program may not remove it any more");
            }
        } catch (IOException e) {
            log.warning("pid file " + path + " cannot be removed: " + FileErrors.describe(e));
        }
    }

    /** Returns false if the file is to be seen no more, or may not be removed. */
    private boolean delete() throws IOException {
        Optional<String> content;
        try {
            content = content(path);
        } catch (AccessDeniedException outOfReach) {
            return false;
        }
        if (content.isPresent() && isOurs(content.get())) {
            try {
                Files.deleteIfExists(path);
            } catch (FileSystemException notAllowed) {
                // permission denied, or "operation not permitted" in a directory with the sticky bit
                return false;
            }
        }
        return content.isPresent();
    }

    private boolean isOurs(String content) {
        return content.equals(Long.toString(pid));
    }

    private static FileChannel write(Path path, long pid) throws IOException {
        FileChannel channel = FileChannel.open(
                path,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(READABLE));
        try {
            Channels.newOutputStream(channel).write((pid + "\n").getBytes(StandardCharsets.US_ASCII));
            return channel;
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /** What an old file holds, empty for a file of nothing; no value if there is no file. */
    private static Optional<String> stale(Path path, long own) throws StartException {
        Optional<String> content;
        try {
            content = content(path);
        } catch (IOException e) {
            throw new StartException("pid file " + path + " cannot be read: " + FileErrors.describe(e));
        }
        String text = content.orElse("");
        if (!text.matches("[0-9]{0,18}")) {
            throw new StartException("pid file " + path + " holds something else than a process number;"
                    + " remove it if it is not needed");
        }
        // in a container the number of a process that is gone is often our own
        if (!text.isEmpty() && Long.parseLong(text) != own && isAlive(Long.parseLong(text))) {
            throw StartException.temporary("pid file " + path + ": process " + text
                    + " is running; stop it first, or give this one another pidfile");
        }
        return content;
    }

    private static boolean isAlive(long pid) {
        return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false) && !isZombie(pid);
    }

    /** Whether all that is left of a process is its number: in containers there is often nobody who waits for it. */
    private static boolean isZombie(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"), StandardCharsets.ISO_8859_1);
            // the state follows the name, which stands in brackets and may hold some
            return stat.startsWith("Z", stat.lastIndexOf(')') + 2);
        } catch (IOException noSuchFileSystem) {
            return false;
        }
    }

    private static Optional<String> content(Path path) throws IOException {
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.empty();
        }
        if (!Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
            throw new IOException("it is no regular file");
        }
        try (InputStream in = Files.newInputStream(path, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.of(read(in));
        } catch (NoSuchFileException goneMeanwhile) {
            return Optional.empty();
        }
    }

    private static String read(InputStream in) throws IOException {
        return new String(in.readNBytes(LONGEST), StandardCharsets.US_ASCII).strip();
    }
}
