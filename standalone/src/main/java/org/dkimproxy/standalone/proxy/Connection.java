package org.dkimproxy.standalone.proxy;

import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import org.dkimproxy.standalone.access.AddressText;
import org.dkimproxy.standalone.smtp.Reply;
import org.dkimproxy.standalone.smtp.WireInput;

/**
 * One socket with bounded waits in both directions: reads end at a deadline, and {@link Connections} closes the socket
 * under a write that its peer does not take. Used by one thread, apart from {@link #closeIfStuck} and {@link #close}.
 */
final class Connection implements Closeable {
    private static final int INPUT_BUFFER = 16 * 1024;
    private static final int OUTPUT_BUFFER = 64 * 1024;
    private static final int FAREWELL_OCTETS = 1024 * 1024;
    private static final long NOT_WRITING = Long.MIN_VALUE;

    private final Socket socket;
    private final Connections connections;
    private final long writeNanos;
    private final InputStream in;
    private final WireInput input;
    private final OutputStream output;
    private long readDeadline = System.nanoTime();
    private volatile long writeDeadline = NOT_WRITING;

    Connection(Socket socket, Duration writeTimeout, Connections connections) throws IOException {
        this.socket = socket;
        this.connections = connections;
        this.writeNanos = writeTimeout.toNanos();
        socket.setTcpNoDelay(true);
        socket.setKeepAlive(true);
        this.in = socket.getInputStream();
        this.input = new WireInput(new TimedInput(), INPUT_BUFFER);
        this.output = new BufferedOutputStream(new GuardedOutput(socket.getOutputStream()), OUTPUT_BUFFER);
        connections.add(this);
    }

    /** What the peer sends. A read past the deadline throws {@link SocketTimeoutException}, and can be tried again. */
    WireInput input() {
        return input;
    }

    /** What the peer gets, once flushed or when the buffer is full. */
    OutputStream output() {
        return output;
    }

    /** Sets the deadline of all reads from now on. */
    void readWithin(Duration time) {
        readDeadline = System.nanoTime() + time.toNanos();
    }

    /** Whether the peer has sent something that was not read yet; says nothing of the end of the stream. */
    boolean hasInput() throws IOException {
        return input.buffered() > 0 || in.available() > 0;
    }

    void send(Reply reply) throws IOException {
        output.write(reply.toBytes());
        output.flush();
    }

    /** The peer's address in digits. */
    String peer() {
        return AddressText.of(socket.getInetAddress());
    }

    /** Closes the socket if a write is past its deadline. */
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
            output.flush();
            socket.shutdownOutput();
            readWithin(time);
            byte[] ignored = new byte[INPUT_BUFFER];
            TimedInput rest = new TimedInput();
            int left = FAREWELL_OCTETS;
            while (left > 0) {
                int count = rest.read(ignored, 0, ignored.length);
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

    /** Closes the socket; what was not flushed is lost. */
    @Override
    public void close() {
        connections.remove(this);
        try {
            socket.close();
        } catch (IOException _) {
            // a socket that cannot be closed is closed
        }
    }

    /** A channel that was closed under its user says nothing of it in words, and the reason of a session's end is logged. */
    private static SocketException closed(ClosedChannelException cause) {
        SocketException closed = new SocketException("connection closed");
        closed.initCause(cause);
        return closed;
    }

    private final class TimedInput extends InputStream {
        @Override
        public int read() {
            throw new UnsupportedOperationException("octets are read in blocks");
        }

        @Override
        public int read(byte[] array, int offset, int length) throws IOException {
            long left = readDeadline - System.nanoTime();
            if (left <= 0) {
                throw new SocketTimeoutException("deadline passed");
            }
            long millis = Math.min(Integer.MAX_VALUE, Duration.ofNanos(left).toMillis() + 1);
            socket.setSoTimeout((int) millis);
            try {
                return in.read(array, offset, length);
            } catch (ClosedChannelException e) {
                throw closed(e);
            }
        }
    }

    private final class GuardedOutput extends OutputStream {
        private final OutputStream out;

        GuardedOutput(OutputStream out) {
            this.out = out;
        }

        @Override
        public void write(int octet) throws IOException {
            write(new byte[] {(byte) octet}, 0, 1);
        }

        @Override
        public void write(byte[] array, int offset, int length) throws IOException {
            long deadline = System.nanoTime() + writeNanos;
            writeDeadline = deadline == NOT_WRITING ? deadline + 1 : deadline;
            try {
                out.write(array, offset, length);
            } catch (ClosedChannelException e) {
                throw closed(e);
            } finally {
                writeDeadline = NOT_WRITING;
            }
        }
    }
}
