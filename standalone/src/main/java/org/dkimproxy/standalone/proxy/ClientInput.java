package org.dkimproxy.standalone.proxy;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.Optional;
import org.dkimproxy.standalone.smtp.Command;
import org.dkimproxy.standalone.smtp.CommandReader;
import org.dkimproxy.standalone.smtp.WireInput;

/**
 * Waits for what the client sends, with {@link Patience}; between two lines also with an eye on the relay, which may hang
 * up unasked (RFC 5321 section 3.8), and on the end of the proxy.
 */
final class ClientInput {
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
    boolean fill(Patience patience) throws IOException, SessionEnd {
        endMessageIfCutting();
        client.readUntil(() -> context.cutting().getAsBoolean() || patience.isReached());
        try {
            int before = octets().buffered();
            boolean more = octets().fill();
            patience.heard(octets().buffered() - before);
            return more;
        } catch (SocketTimeoutException e) {
            endMessageIfCutting();
            throw e;
        }
    }

    private void endMessageIfCutting() throws SessionEnd {
        if (context.cutting().getAsBoolean()) {
            throw new SessionEnd(Replies.STOPPING, "proxy stops in the middle of a message");
        }
    }

    private void endIfStopping() throws SessionEnd {
        if (context.stopping().getAsBoolean()) {
            throw new SessionEnd(Replies.STOPPING, "proxy stops");
        }
    }

    @FunctionalInterface
    private interface LineSource<T> {
        Optional<T> read() throws IOException;
    }

    private <T> Optional<T> nextLine(LineSource<T> source) throws IOException, SessionEnd {
        endIfStopping();
        octets().shrink();
        client.readUntil(new LineWait());
        try {
            return source.read();
        } catch (SocketTimeoutException e) {
            endIfStopping();
            if (relay.isOpen() && relay.hasSpokenOrClosed()) {
                throw relay.unsolicited(context.timeouts().command());
            }
            throw e;
        }
    }

    /** Lasts until the client has used up its time, the proxy stops, or the relay says something unasked or hangs up. */
    private final class LineWait implements TimeLimit {
        private final Patience patience = patience();
        private volatile boolean relayStirs;

        @Override
        public boolean isReached() {
            if (patience.isReached() || context.stopping().getAsBoolean() || relayStirs) {
                return true;
            }
            if (patience.lasts(context.timeouts().poll())) {
                // to look takes a moment, and this thread has others to look after
                Thread.ofVirtual().name("look").start(this::lookAtRelay);
            }
            return false;
        }

        private void lookAtRelay() {
            try {
                relayStirs = relay.isOpen() && relay.hasSpokenOrClosed();
            } catch (RelayException _) {
                // the session will find the same
                relayStirs = true;
            }
            if (relayStirs) {
                client.endOverdueRead();
            }
        }
    }
}
