package org.dkimproxy.standalone.proxy;

import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.dkimproxy.standalone.access.AddressText;
import org.dkimproxy.standalone.smtp.Reply;
import org.dkimproxy.standalone.smtp.WireInput;

/**
 * One side of a session with bounded waits in both directions: reads end at a deadline, and {@link Connections} closes
 * the transport under a write that its peer does not take. Used by one thread, apart from {@link #closeIfStuck} and
 * {@link #close}.
 */
final class Connection implements Closeable {
    private static final int INPUT_BUFFER = 64 * 1024;
    private static final int OUTPUT_BUFFER = 64 * 1024;
    private static final int FAREWELL_BUFFER = 4 * 1024;
    private static final int FAREWELL_OCTETS = 1024 * 1024;
    private static final long NOT_WRITING = Long.MIN_VALUE;

    private final Transport transport;
    private final Connections connections;
    private final long writeNanos;
    private final WireInput input = new WireInput(new TimedInput(), INPUT_BUFFER);
    private ConversationTrace trace = ConversationTrace.NONE;
    private long readDeadline = System.nanoTime();
    private volatile long writeDeadline = NOT_WRITING;

    Connection(Transport transport, Duration writeTimeout, Connections connections) {
        this.transport = transport;
        this.connections = connections;
        this.writeNanos = writeTimeout.toNanos();
        connections.add(this);
    }

    /** What the peer sends. A read past the deadline throws {@link SocketTimeoutException}, and can be tried again. */
    WireInput input() {
        return input;
    }

    /** Sets the deadline of all reads from now on. */
    void readWithin(Duration time) {
        readDeadline = System.nanoTime() + time.toNanos();
    }

    /** Whether the peer has sent something that was not read yet; says nothing of the end of the stream. */
    boolean hasInput() throws IOException {
        return input.buffered() > 0 || transport.hasInput();
    }

    /** From now on this trace is shown what is sent; whoever reads lines shows it those. */
    void traceWith(ConversationTrace wanted) {
        trace = wanted;
    }

    ConversationTrace trace() {
        return trace;
    }

    void send(Reply reply) throws IOException {
        trace.toClient(reply);
        send(reply.toBytes());
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

    /** The peer's address in digits. */
    String peer() {
        return AddressText.of(transport.peer());
    }

    /** Closes the transport if a write is past its deadline. */
    void closeIfStuck(long now) {
        long deadline = writeDeadline;
        if (deadline != NOT_WRITING && now - deadline > 0) {
            close();
        }
    }

    /**
     * Ends the output and reads what the peer still sends, for a short time: to close at once, with input unread, would
     * destroy the last reply on its way.
     */
    void closeAfterLastReply(Duration time) {
        try {
            transport.endOutput();
            readWithin(time);
            byte[] ignored = new byte[FAREWELL_BUFFER];
            int left = FAREWELL_OCTETS;
            while (left > 0) {
                int count = read(ignored, 0, ignored.length);
                if (count < 0) {
                    break;
                }
                left -= count;
            }
        } catch (IOException _) {
            // the peer is gone or does not listen: there is nobody left to be told
        } finally {
            close();
        }
    }

    /** Closes the transport; what is in a stream and was not flushed is lost. */
    @Override
    public void close() {
        connections.remove(this);
        try {
            transport.close();
        } catch (IOException _) {
            // a transport that cannot be closed is closed
        }
    }

    private int read(byte[] array, int offset, int length) throws IOException {
        long left = readDeadline - System.nanoTime();
        if (left <= 0) {
            throw new SocketTimeoutException("deadline passed");
        }
        long millis = Math.min(Integer.MAX_VALUE, Duration.ofNanos(left).toMillis() + 1);
        return transport.read(array, offset, length, (int) millis);
    }

    private void write(byte[] array, int offset, int length) throws IOException {
        long deadline = System.nanoTime() + writeNanos;
        writeDeadline = deadline == NOT_WRITING ? deadline + 1 : deadline;
        try {
            transport.write(array, offset, length);
        } finally {
            writeDeadline = NOT_WRITING;
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
