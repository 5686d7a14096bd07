package org.dkimproxy.standalone.session;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.dkimproxy.standalone.metrics.RelayFailure;
import org.dkimproxy.standalone.net.HostPort;
import org.dkimproxy.standalone.smtp.Reply;
import org.dkimproxy.standalone.smtp.ReplyReader;
import org.dkimproxy.standalone.spool.SpoolException;

/**
 * The connection to the relay, in lock-step: one command out, one reply in. Every fault of the relay is a
 * {@link RelayException}. Used by the thread of its session; {@link #hasSpokenOrClosed} by any.
 */
final class Relay implements Closeable {
    private final Connection connection;
    private final ReplyReader replies;
    private final Lock hearing = new ReentrantLock();
    private ConversationTrace trace = ConversationTrace.NONE;
    private volatile boolean open = true;

    /** A relay at the other end of this connection, which has not greeted yet. */
    Relay(Connection connection) {
        this.connection = connection;
        this.replies = new ReplyReader(connection.input());
    }

    /** Connects to the first address of the relay that answers. */
    static Relay connect(HostPort address, Timeouts timeouts) throws RelayException {
        long deadline = System.nanoTime() + timeouts.connect().toNanos();
        try {
            List<InetAddress> candidates = List.of(InetAddress.getAllByName(address.host()));
            return connect(candidates, address.port(), deadline, timeouts);
        } catch (IOException e) {
            throw RelayException.unreachable(address, e);
        }
    }

    /** Tries addresses in order, each for its share of the time that is left; throws the fault of the first. */
    static Relay connect(List<InetAddress> candidates, int port, long deadline, Timeouts timeouts) throws IOException {
        IOException first = null;
        for (int i = 0; i < candidates.size(); i++) {
            long share = (deadline - System.nanoTime()) / (candidates.size() - i);
            int millis = (int) Math.max(1, Duration.ofNanos(share).toMillis());
            try {
                Transport transport = SocketTransport.connect(new InetSocketAddress(candidates.get(i), port), millis);
                return new Relay(new Connection(transport, timeouts::block));
            } catch (IOException e) {
                first = first == null ? e : first;
            }
        }
        throw first == null ? new UnknownHostException("no address") : first;
    }

    /** From now on this trace is shown what is sent and received. */
    void traceWith(ConversationTrace wanted) {
        trace = wanted;
    }

    ConversationTrace trace() {
        return trace;
    }

    /** What the {@link Watchdog} has to watch. */
    Connection connection() {
        return connection;
    }

    /** The relay's greeting. */
    Reply greeting(Duration within) throws RelayException {
        try {
            return requireFinal(reply(within));
        } catch (RelayException e) {
            throw e.asBeforeGreeting();
        }
    }

    /** The relay's next reply. */
    Reply reply(Duration within) throws RelayException {
        hearing.lock();
        try {
            connection.readUntil(TimeLimit.of(within));
            Reply reply = replies.next();
            trace.fromRelay(reply);
            return reply;
        } catch (SocketTimeoutException e) {
            throw new RelayException("no reply from the relay in " + within.toSeconds() + " s", e);
        } catch (IOException e) {
            throw new RelayException("no reply from the relay", e);
        } finally {
            hearing.unlock();
        }
    }

    /** Sends one line and waits for its reply. */
    Reply exchange(byte[] line, Duration within) throws RelayException {
        trace.toRelay(line);
        try {
            connection.send(line);
        } catch (IOException e) {
            throw new RelayException("cannot write to the relay", e);
        }
        return reply(within);
    }

    /** Whether the relay has said something unasked. */
    boolean hasSpoken() throws RelayException {
        hearing.lock();
        try {
            return connection.hasInput();
        } catch (IOException e) {
            throw new RelayException("relay is gone", e);
        } finally {
            hearing.unlock();
        }
    }

    /** Whether input waits, found by a short read, which also notices that the relay has closed. */
    boolean hasSpokenOrClosed() throws RelayException {
        hearing.lock();
        try {
            if (connection.input().buffered() > 0) {
                return true;
            }
            if (!connection.glance()) {
                throw new RelayException(RelayFailure.LOST, "relay closed the connection");
            }
            return true;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (RelayException e) {
            throw e;
        } catch (IOException e) {
            throw new RelayException("relay is gone", e);
        } finally {
            hearing.unlock();
        }
    }

    /** A reply that must not ask for more input. */
    static Reply requireFinal(Reply reply) throws RelayException {
        if (reply.isIntermediate()) {
            throw new RelayException("relay answers with " + reply.code() + " where no more input can follow");
        }
        return reply;
    }

    /** Something that writes a message. */
    @FunctionalInterface
    interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    /**
     * Sends a message with its end of data, and waits for the reply to that. Until the last octets of {@code content}
     * were written, nothing that could be taken for an end of data has left; so a fault before means that the relay has
     * no message.
     *
     * @param expectedOctets about how many octets content and end of data have together
     * @throws SpoolException if the content cannot be read; the relay has no message then
     */
    Reply deliver(long expectedOctets, Content content, Content endOfData, Duration within)
            throws RelayException, SpoolException {
        OutputStream out = connection.stream(expectedOctets);
        try {
            content.writeTo(out);
            if (hasSpoken()) {
                throw new RelayException("relay spoke before the end of data");
            }
            endOfData.writeTo(out);
            out.flush();
        } catch (SpoolException | RelayException e) {
            throw e;
        } catch (IOException e) {
            throw new RelayException("relay lost within the message", e);
        }
        return reply(within);
    }

    /**
     * What to make of something that the relay said unasked: if it is a 421 it is for the client, and both sides close
     * (RFC 5321 section 3.8).
     *
     * @throws RelayException if it is anything else
     */
    SessionEnd unsolicited(Duration within) throws RelayException {
        Reply reply = reply(within);
        if (!reply.isClosing()) {
            throw new RelayException("relay spoke without being asked");
        }
        return new SessionEnd(reply, "relay closes the session");
    }

    /** Whether {@link #close} was not called yet. */
    boolean isOpen() {
        return open;
    }

    /** Closes the connection as it is: without a dot, without QUIT. */
    @Override
    public void close() {
        open = false;
        connection.close();
    }
}
