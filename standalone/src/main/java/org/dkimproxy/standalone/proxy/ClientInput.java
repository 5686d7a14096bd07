package org.dkimproxy.standalone.proxy;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Optional;
import org.dkimproxy.standalone.smtp.Command;
import org.dkimproxy.standalone.smtp.CommandReader;
import org.dkimproxy.standalone.smtp.WireInput;

/**
 * Waits for what the client sends, with {@link Patience}; between two lines also with an eye on the relay, which may hang
 * up unasked (RFC 5321 section 3.8), and on the end of the proxy.
 */
final class ClientInput {
    private static final int MUCH = 16 * 1024;

    /** What has come while the proxy itself was slow is looked at before a client is given up. */
    private static final Duration LAST_LOOK = Duration.ofMillis(1);

    private final Connection client;
    private final Relay relay;
    private final SessionContext context;
    private final CommandReader reader;

    ClientInput(Connection client, Relay relay, SessionContext context) {
        this.client = client;
        this.relay = relay;
        this.context = context;
        this.reader = new CommandReader(client.input());
    }

    /**
     * The next command; empty when the client is gone.
     *
     * @param limit the longest line in octets, CRLF included
     * @throws SocketTimeoutException if it did not come whole in time
     * @throws SessionEnd if the proxy stops, or the relay has said 421
     */
    Optional<Command> nextCommand(int limit) throws IOException, SessionEnd {
        Optional<Command> command = nextLine(() -> reader.next(limit));
        command.ifPresent(read -> trace().fromClient(read.line()));
        return command;
    }

    /** The same for the answer to a challenge, a line with its CRLF. */
    Optional<byte[]> nextAuthLine() throws IOException, SessionEnd {
        Optional<byte[]> line = nextLine(reader::nextAuthLine);
        line.ifPresent(trace()::fromClient);
        return line;
    }

    /** What the administrator sees of the session. */
    ConversationTrace trace() {
        return client.trace();
    }

    /** The octets that wait to be used. */
    WireInput octets() {
        return client.input();
    }

    /** Begins to wait for a line or a message. */
    Patience patience() {
        return new Patience(context.timeouts(), context.full());
    }

    /**
     * Waits for more octets of a message.
     *
     * @return false if the client is gone
     * @throws SocketTimeoutException if it is silent or too slow
     * @throws SessionEnd if the proxy stops and waits no longer
     */
    @SuppressWarnings("ThreadPriorityCheck") // a hint that nothing depends on
    boolean fill(Patience patience) throws IOException, SessionEnd {
        while (true) {
            if (context.cutting().getAsBoolean()) {
                throw new SessionEnd(Replies.STOPPING, "proxy stops in the middle of a message");
            }
            boolean lastChance = readUntilPoll(patience);
            try {
                int before = octets().buffered();
                boolean more = octets().fill();
                int count = octets().buffered() - before;
                patience.heard(count);
                if (count >= MUCH) {
                    // who sends faster than we read never blocks, and has to let the others have their turn
                    Thread.yield();
                }
                return more;
            } catch (SocketTimeoutException e) {
                if (lastChance) {
                    throw e;
                }
            }
        }
    }

    /** Reads a line; after a time-out it can be tried again, and nothing is lost. */
    @FunctionalInterface
    private interface Attempt<T> {
        Optional<T> read() throws IOException;
    }

    private <T> Optional<T> nextLine(Attempt<T> attempt) throws IOException, SessionEnd {
        Patience patience = patience();
        while (true) {
            if (context.stopping().getAsBoolean()) {
                throw new SessionEnd(Replies.STOPPING, "proxy stops");
            }
            boolean lastChance = readUntilPoll(patience);
            try {
                return attempt.read();
            } catch (SocketTimeoutException e) {
                if (lastChance) {
                    throw e;
                }
                octets().shrink();
                if (relay.isOpen() && relay.hasSpokenOrClosed()) {
                    throw relay.unsolicited(context.timeouts().command());
                }
            }
        }
    }

    /** Sets the deadline of the next read; returns whether that is the end of the client's time. */
    private boolean readUntilPoll(Patience patience) {
        Duration left = patience.left();
        Duration poll = context.timeouts().poll();
        boolean lastChance = left.compareTo(poll) <= 0;
        Duration within = lastChance ? left : poll;
        client.readWithin(within.compareTo(LAST_LOOK) < 0 ? LAST_LOOK : within);
        return lastChance;
    }
}
