package org.dkimproxy.standalone.log;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.dkimproxy.signing.key.FileErrors;
import org.dkimproxy.standalone.posix.Descriptor;
import org.dkimproxy.standalone.posix.TrustedPath;

/**
 * A file to whose end lines are added, each with its time in UTC. It is reopened when it was moved away, and when it is
 * asked to be; if that fails, the one that is open stays in use. {@code /dev/stdout} and {@code /dev/stderr} are no files but
 * what this process has open already: a pipe or a socket, perhaps, which cannot be opened.
 */
final class LogFile implements LogTarget, Closeable {
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);
    private static final int FILE_TYPE = 0170000;
    private static final int FIFO = 0010000;
    private static final String MODE = "rw-r-----";
    private static final Pattern OPEN_ALREADY = Pattern.compile("/(?:dev|proc/self)/fd/([0-9]{1,6})");

    private final Path path;
    private final InstantSource clock;
    private final Consumer<String> complaints;
    private final AtomicBoolean reopenAsked = new AtomicBoolean();
    private WritableByteChannel channel;
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
            throw new IOException("cannot open log_file " + path + ": " + FileErrors.describe(e), e);
        }
    }

    /** Why this path would not do, for a person; empty if nothing speaks against it. Leaves no trace. */
    static Optional<String> obstacle(Path path) {
        if (descriptor(path).isPresent()) {
            return Optional.empty();
        }
        Path directory = path.getParent();
        if (directory == null || Files.isDirectory(path) || isFifo(path)) {
            return Optional.of("log_file " + path + " is no file");
        }
        if (!Files.isDirectory(directory)) {
            return Optional.of("log_file " + path + ": there is no directory " + directory + "; make it first");
        }
        try {
            TrustedPath.followed(path).close();
        } catch (IOException e) {
            return Optional.of("cannot open log_file " + path + ": " + FileErrors.describe(e));
        }
        return Files.isWritable(Files.exists(path) ? path : directory)
                ? Optional.empty()
                : Optional.of("log_file " + path + " cannot be opened (permission denied)");
    }

    /** Whether this path names the standard output of this process. */
    static boolean isStandardOutput(Path path) {
        return descriptor(path).equals(OptionalInt.of(1));
    }

    /** Has the file opened anew before the next line. May be called by any thread. */
    void reopen() {
        reopenAsked.set(true);
    }

    @Override
    public void write(LogLevel level, String line) throws IOException {
        if (descriptor(path).isEmpty() && (reopenAsked.getAndSet(false) || wasMoved())) {
            openAnew();
        }
        String time = clock.instant().truncatedTo(ChronoUnit.MILLIS).toString();
        ByteBuffer octets = ByteBuffer.wrap((time + " " + line + "\n").getBytes(StandardCharsets.UTF_8));
        try {
            while (octets.hasRemaining()) {
                channel.write(octets);
            }
        } catch (IOException e) {
            throw new IOException("cannot write log_file " + path + ": " + FileErrors.describe(e), e);
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
        WritableByteChannel next;
        try {
            next = append(path);
        } catch (IOException e) {
            if (!complained) {
                complaints.accept("cannot reopen log_file " + path + ": " + FileErrors.describe(e)
                        + "; the open file stays in use");
            }
            complained = true;
            return;
        }
        channel.close();
        channel = next;
        identity = identity(path);
        complained = false;
    }

    private static WritableByteChannel append(Path path) throws IOException {
        OptionalInt descriptor = descriptor(path);
        if (descriptor.isPresent()) {
            return Descriptor.duplicate(descriptor.getAsInt(), path);
        }
        try (TrustedPath file = TrustedPath.followed(path)) {
            return file.open(
                    Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND), MODE);
        }
    }

    /** The number of what this process has open already, for a path that names it. */
    private static OptionalInt descriptor(Path path) {
        String name = path.normalize().toString();
        Matcher numbered = OPEN_ALREADY.matcher(name);
        return switch (name) {
            case "/dev/stdout" -> OptionalInt.of(1);
            case "/dev/stderr" -> OptionalInt.of(2);
            default -> numbered.matches() ? OptionalInt.of(Integer.parseInt(numbered.group(1))) : OptionalInt.empty();
        };
    }

    /** Whether opening it would wait for a reader. */
    private static boolean isFifo(Path path) {
        try {
            return Files.getAttribute(path, "unix:mode") instanceof Integer mode && (mode & FILE_TYPE) == FIFO;
        } catch (IOException | UnsupportedOperationException unknown) {
            return false;
        }
    }

    /** The identity of the file that has this name now. */
    private static Optional<Object> identity(Path path) {
        try {
            return Optional.ofNullable(
                    Files.readAttributes(path, BasicFileAttributes.class).fileKey());
        } catch (IOException gone) {
            return Optional.empty();
        }
    }
}
