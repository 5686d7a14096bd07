package org.dkimproxy.standalone.session;

import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.dkimproxy.standalone.smtp.WireInput;

/**
 * Octets to and from one peer, with bounded waits in both directions. It has no timer: the {@link Watchdog} calls {@link
 * #keepTimeLimits}, which ends a read whose {@link TimeLimit} is reached, and closes the transport under a write that the
 * peer does not take. Used by one thread at a time, apart from that, {@link #endOverdueRead} and {@link #close}.
 */
final class Connection implements Closeable {
    private static final int INPUT_BUFFER = 64 * 1024;
    private static final int OUTPUT_BUFFER = 64 * 1024;
    private static final int FAREWELL_BUFFER = 4 * 1024;
    private static final int FAREWELL_OCTETS = 1024 * 1024;
    private static final int GLANCE_MILLIS = 1;

    /** How long a peer has to read a last reply before what it sends meanwhile can destroy it. */
    private static final Duration LAST_REPLY = Duration.ofMillis(200);

    private final Transport transport;
    private final Supplier<Duration> writeTimeout;
    private final FairReads turns;
    private final WireInput input = new WireInput(new TimedInput(), INPUT_BUFFER);
    private final AtomicReference<TimeLimit> reading = new AtomicReference<>(NoRead.NONE_WAITS);
    private TimeLimit readLimit = NoRead.WAS_ENDED;
    private boolean glancing;
    private volatile long writingSince;
    private volatile boolean writing;
    private volatile boolean closed;

    /**
     * A connection over this transport.
     *
     * @param writeTimeout how long the peer may take to read a block; asked while it is waited for
     */
    Connection(Transport transport, Supplier<Duration> writeTimeout) {
        this.transport = transport;
        this.turns = new FairReads(transport);
        this.writeTimeout = writeTimeout;
    }

    /** What the peer sends. A read that reaches its limit throws {@link SocketTimeoutException}, and so does each after it. */
    WireInput input() {
        return input;
    }

    /** Sets the limit of all reads from now on. */
    void readUntil(TimeLimit limit) {
        readLimit = limit;
    }

    /**
     * Reads for a moment what the peer has sent unasked.
     *
     * @return false if it will send nothing more
     * @throws SocketTimeoutException if there is nothing
     */
    boolean glance() throws IOException {
        glancing = true;
        try {
            return input.fill();
        } finally {
            glancing = false;
        }
    }

    /** Whether the peer has sent something that was not read yet; says nothing of the end of the stream. */
    boolean hasInput() throws IOException {
        return input.buffered() > 0 || transport.hasInput();
    }

    /** Sends octets at once. */
    void send(byte[] octets) throws IOException {
        write(octets, 0, octets.length);
    }

    /** A stream for many octets, which leave when it is flushed or has gathered many. */
    OutputStream stream(long expectedOctets) {
        int size = Math.clamp(expectedOctets, 1, OUTPUT_BUFFER);
        return new BufferedOutputStream(new GuardedOutput(), size);
    }

    InetAddress peer() {
        return transport.peer();
    }

    /** Closes the transport if a write is past its deadline, and ends a read that has reached its limit. */
    void keepTimeLimits() {
        long since = writingSince;
        if (writing && System.nanoTime() - since > writeTimeout.get().toNanos()) {
            close();
        }
        endOverdueRead();
    }

    /** Ends the read that waits, if its limit is reached. What has come while the proxy itself was slow is read all the same. */
    void endOverdueRead() {
        TimeLimit limit = Objects.requireNonNull(reading.get());
        try {
            if (limit.isReached() && !transport.hasInput() && reading.compareAndSet(limit, NoRead.WAS_ENDED)) {
                transport.endInput();
            }
        } catch (IOException _) {
            // what is closed does not wait
        }
    }

    /** Closes the transport now if the peer, which is to say nothing more, has said nothing more. */
    void closeIfSilent() throws IOException {
        if (!hasInput()) {
            close();
        }
    }

    /**
     * Ends the output and reads what the peer still sends, for a short time: to close at once, with input unread, would
     * destroy the last reply on its way.
     */
    void closeAfterLastReply(Duration time) {
        if (closed) {
            return;
        }
        try {
            transport.endOutput();
            if (NoRead.WAS_ENDED.equals(reading.get())) {
                Thread.sleep(LAST_REPLY);
            } else {
                readFarewell(time);
            }
        } catch (IOException _) {
            // the peer is gone or does not listen: there is nobody left to be told
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            close();
        }
    }

    /** Closes the transport; what is in a stream and was not flushed is lost. */
    @Override
    public void close() {
        closed = true;
        try {
            transport.close();
        } catch (IOException _) {
            // a transport that cannot be closed is closed
        }
    }

    private int read(byte[] array, int offset, int length) throws IOException {
        if (glancing) {
            return transport.read(array, offset, length, GLANCE_MILLIS);
        }
        TimeLimit limit = readLimit;
        if (!reading.compareAndSet(NoRead.NONE_WAITS, limit)) {
            throw new SocketTimeoutException("limit of an earlier read");
        }
        turns.beforeRead();
        int count = transport.read(array, offset, length, Transport.FOR_EVER);
        if (!reading.compareAndSet(limit, NoRead.NONE_WAITS)) {
            throw new SocketTimeoutException("limit reached");
        }
        return count;
    }

    private void readFarewell(Duration time) throws IOException {
        byte[] ignored = new byte[FAREWELL_BUFFER];
        int left = FAREWELL_OCTETS;
        long end = System.nanoTime() + time.toNanos();
        int count = 0;
        while (count >= 0 && left > 0) {
            long millis = Duration.ofNanos(end - System.nanoTime()).toMillis();
            count = transport.read(ignored, 0, ignored.length, (int) Math.max(1, millis));
            left -= count;
        }
    }

    private void write(byte[] array, int offset, int length) throws IOException {
        writingSince = System.nanoTime();
        writing = true;
        turns.expectAnswer();
        try {
            transport.write(array, offset, length);
        } finally {
            writing = false;
        }
    }

    /** What stands in the place of a limit while no read waits. */
    private enum NoRead implements TimeLimit {
        NONE_WAITS,
        /** The last one was ended, and there will be no other. */
        WAS_ENDED;

        @Override
        public boolean isReached() {
            return false;
        }
    }

    private final class TimedInput extends InputStream {
        @Override
        public int read() {
            throw new UnsupportedOperationException("octets are read in blocks");
        }

        @Override
        public int read(byte[] array, int offset, int length) throws IOException {
            return Connection.this.read(array, offset, length);
        }
    }

    private final class GuardedOutput extends OutputStream {
        @Override
        public void write(int octet) throws IOException {
            send(new byte[] {(byte) octet});
        }

        @Override
        public void write(byte[] array, int offset, int length) throws IOException {
            Connection.this.write(array, offset, length);
        }
    }
}
