package org.dkimproxy.standalone.daemon;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;
import org.dkimproxy.signing.key.FileErrors;
import org.dkimproxy.standalone.log.DkimproxyLog;
import org.dkimproxy.standalone.posix.TrustedPath;

/**
 * A file that holds the number of the running process and a newline. It is always created, never written through a link, so
 * that users who can write to its directory cannot have this program overwrite a file elsewhere.
 *
 * <p>It belongs to the user that created it, and is closed once it is written: with an open one, a program that dropped its privileges
 * and was then taken over could name a process for root to stop. Such a program may not be able to remove the file at its
 * end. So a number is believed only if its process is this program; any other file was left behind.
 */
public final class PidFile {
    private static final int LONGEST = 32;
    private static final String MODE = "rw-r--r--";

    private final Path path;
    private final long pid;

    private PidFile(Path path, long pid) {
        this.path = path;
        this.pid = pid;
    }

    /**
     * Checks that the file names no process that runs this program.
     *
     * @throws StartException if it does, or if what lies there is no PID file
     */
    public static void check(Path path) throws StartException {
        try (TrustedPath file = TrustedPath.of(path)) {
            stale(path, file, ProcessHandle.current().pid());
        } catch (NoSuchFileException noDirectory) {
            // nor is there a file that names a process
        } catch (IOException e) {
            throw unreadable(path, e);
        }
    }

    /**
     * Writes the number of this process. A file that a process has left behind is replaced.
     *
     * @throws StartException if the file names a process that runs this program, or cannot be written
     */
    public static PidFile create(Path path, DkimproxyLog log) throws StartException {
        return create(path, ProcessHandle.current().pid(), log);
    }

    static PidFile create(Path path, long pid, DkimproxyLog log) throws StartException {
        try (TrustedPath file = TrustedPath.of(path)) {
            Optional<String> stale = stale(path, file, pid);
            if (stale.isPresent()) {
                if (!stale.get().isEmpty()) {
                    log.warning("pidfile " + path + ": replaced, since " + reasonToReplace(stale.get()));
                }
                Files.deleteIfExists(file.path());
            }
            write(file, pid);
            return new PidFile(path, pid);
        } catch (FileAlreadyExistsException e) {
            throw StartException.temporary("pidfile " + path + " was made by another process just now");
        } catch (IOException e) {
            throw new StartException("cannot write pidfile " + path + ": " + FileErrors.describe(e));
        }
    }

    /**
     * Removes the file, if it is still the one of this process. A program that dropped its privileges may not be able to, or
     * does not see the file from another root directory; the next start replaces it.
     */
    public void remove(DkimproxyLog log) {
        try (TrustedPath file = TrustedPath.of(path)) {
            if (content(file)
                    .orElseThrow(() -> new NoSuchFileException(path.toString()))
                    .equals(Long.toString(pid))) {
                Files.delete(file.path());
            }
        } catch (IOException e) {
            log.info("cannot remove pidfile " + path + ": " + FileErrors.describe(e));
        }
    }

    private static void write(TrustedPath file, long pid) throws IOException {
        try (FileChannel channel = file.open(Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), MODE)) {
            ByteBuffer line = ByteBuffer.wrap((pid + "\n").getBytes(StandardCharsets.US_ASCII));
            while (line.hasRemaining()) {
                channel.write(line);
            }
        }
    }

    /** What an old file holds, empty for a file of nothing; no value if there is no file. */
    private static Optional<String> stale(Path path, TrustedPath file, long own) throws StartException {
        Optional<String> content;
        try {
            content = content(file);
        } catch (IOException e) {
            throw unreadable(path, e);
        }
        String text = content.orElse("");
        if (!text.matches("[0-9]{0,18}")) {
            throw new StartException("pidfile " + path + " holds something else than a process number;"
                    + " remove it if it is not needed");
        }
        // in a container the number of a process that is gone is often our own
        if (!text.isEmpty() && Long.parseLong(text) != own && RunningProgram.isProcess(Long.parseLong(text))) {
            throw StartException.temporary("pidfile " + path + ": process " + text
                    + " is running; stop it first, or give this one another pidfile");
        }
        return content;
    }

    private static String reasonToReplace(String number) {
        return RunningProgram.isOtherProcess(Long.parseLong(number))
                ? "process " + number + " is another program"
                : "no process " + number + " runs";
    }

    private static StartException unreadable(Path path, IOException reason) {
        return new StartException("cannot read pidfile " + path + ": " + FileErrors.describe(reason));
    }

    private static Optional<String> content(TrustedPath file) throws IOException {
        if (!Files.exists(file.path(), LinkOption.NOFOLLOW_LINKS)) {
            return Optional.empty();
        }
        if (!Files.isRegularFile(file.path(), LinkOption.NOFOLLOW_LINKS)) {
            throw new IOException("it is no regular file");
        }
        try (InputStream in = Files.newInputStream(file.path(), LinkOption.NOFOLLOW_LINKS)) {
            return Optional.of(new String(in.readNBytes(LONGEST), StandardCharsets.US_ASCII).strip());
        } catch (NoSuchFileException goneMeanwhile) {
            return Optional.empty();
        }
    }
}
