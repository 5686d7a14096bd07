package org.dkimproxy.standalone.log;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.dkimproxy.signing.key.FileErrors;

/**
 * A file to whose end lines are added, each with its time in UTC. It is opened anew when it was moved away, and when it is
 * asked to be; if that fails, the one that is open stays in use.
 */
final class LogFile implements LogTarget, Closeable {
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);
    private static final int FILE_TYPE = 0170000;
    private static final int FIFO = 0010000;

    private final Path path;
    private final InstantSource clock;
    private final Consumer<String> complaints;
    private final AtomicBoolean reopenAsked = new AtomicBoolean();
    private FileChannel channel;
    private Optional<Object> identity;
    private long lastLook = System.nanoTime();
    private boolean complained;

    private LogFile(Path path, InstantSource clock, Consumer<String> complaints) throws IOException {
        this.path = path;
        this.clock = clock;
        this.complaints = complaints;
        this.channel = append(path);
        this.identity = identity(path);
    }

    /**
     * Opens the file; makes it if it is not there, for its owner and group alone.
     *
     * @param complaints takes what is to be said of the file itself
     * @throws IOException if it cannot be written to; its message is for a person
     */
    static LogFile open(Path path, InstantSource clock, Consumer<String> complaints) throws IOException {
        Optional<String> obstacle = obstacle(path);
        if (obstacle.isPresent()) {
            throw new IOException(obstacle.get());
        }
        try {
            return new LogFile(path, clock, complaints);
        } catch (IOException e) {
            throw new IOException("log_file " + path + " cannot be opened (" + FileErrors.describe(e) + ")", e);
        }
    }

    /** Why this path would not do, for a person; empty if nothing speaks against it. Leaves no trace. */
    static Optional<String> obstacle(Path path) {
        Path directory = path.getParent();
        if (directory == null || Files.isDirectory(path) || isFifo(path)) {
            return Optional.of("log_file " + path + " is no file");
        }
        if (!Files.isDirectory(directory)) {
            return Optional.of("log_file " + path + ": there is no directory " + directory + "; make it first");
        }
        try {
            LogPath.followed(path);
        } catch (IOException e) {
            return Optional.of("log_file " + path + ": " + e.getMessage());
        }
        return Files.isWritable(Files.exists(path) ? path : directory)
                ? Optional.empty()
                : Optional.of("log_file " + path + " cannot be opened (permission denied)");
    }

    /** Has the file opened anew before the next line. May be called by any thread. */
    void reopen() {
        reopenAsked.set(true);
    }

    @Override
    public void write(LogLevel level, String line) throws IOException {
        if (reopenAsked.getAndSet(false) || wasMoved()) {
            openAnew();
        }
        String time = clock.instant().truncatedTo(ChronoUnit.MILLIS).toString();
        ByteBuffer octets = ByteBuffer.wrap((time + " " + line + "\n").getBytes(StandardCharsets.UTF_8));
        try {
            while (octets.hasRemaining()) {
                channel.write(octets);
            }
        } catch (IOException e) {
            throw new IOException("log_file " + path + " cannot be written (" + FileErrors.describe(e) + ")", e);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private boolean wasMoved() {
        long now = System.nanoTime();
        if (now - lastLook < LOOK_EVERY.toNanos()) {
            return false;
        }
        lastLook = now;
        return !identity(path).equals(identity);
    }

    private void openAnew() throws IOException {
        FileChannel next;
        try {
            next = append(path);
        } catch (IOException e) {
            if (!complained) {
                complaints.accept("log_file " + path + " cannot be opened again (" + FileErrors.describe(e)
                        + "); the one that is open stays in use");
            }
            complained = true;
            return;
        }
        channel.close();
        channel = next;
        identity = identity(path);
        complained = false;
    }

    private static FileChannel append(Path path) throws IOException {
        Path followed = LogPath.followed(path);
        Set<OpenOption> options =
                new HashSet<>(Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND));
        if (!followed.equals(path) || !Files.isSymbolicLink(path)) {
            // should somebody make it a link just now
            options.add(LinkOption.NOFOLLOW_LINKS);
        }
        return FileChannel.open(
                followed, options, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r-----")));
    }

    /** Whether to open it would mean to wait for somebody who reads. */
    private static boolean isFifo(Path path) {
        try {
            return Files.getAttribute(path, "unix:mode") instanceof Integer mode && (mode & FILE_TYPE) == FIFO;
        } catch (IOException | UnsupportedOperationException unknown) {
            return false;
        }
    }

    /** What tells the file of this name from others that had it or will have it. */
    private static Optional<Object> identity(Path path) {
        try {
            return Optional.ofNullable(
                    Files.readAttributes(path, BasicFileAttributes.class).fileKey());
        } catch (IOException gone) {
            return Optional.empty();
        }
    }
}
