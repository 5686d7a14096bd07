package org.dkimproxy.standalone.session;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.Optional;
import org.dkimproxy.standalone.access.ClientNetwork;
import org.dkimproxy.standalone.smtp.Command;
import org.dkimproxy.standalone.smtp.CommandReader;
import org.dkimproxy.standalone.smtp.WireInput;

/**
 * Waits for what the client sends until its {@link ClientDeadline}; between two lines also with an eye on the relay, which may hang
 * up unasked (RFC 5321 section 3.8), and on the end of the proxy.
 */
final class ClientInput {
    private final Client client;
    private final Relay relay;
    private final SessionContext context;
    private final CommandReader reader;
    private final ClientNetwork network;
    private final ClientDeadline commands;

    ClientInput(Client client, Relay relay, SessionContext context) {
        this.client = client;
        this.relay = relay;
        this.context = context;
        this.reader = new CommandReader(client.connection().input());
        this.network = client.network();
        this.commands = ClientDeadline.ofCommands(context.timeouts(), context.overload());
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

    /** Reads the answer to a challenge, a line with its CRLF. */
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
        return client.connection().input();
    }

    /** The deadline of a message that is about to come. */
    ClientDeadline messageDeadline() {
        return ClientDeadline.ofMessage(context.timeouts(), context.overload());
    }

    /** The relay has accepted a message of this client. */
    void transactionFinished() {
        commands.transactionFinished();
    }

    /**
     * Waits for more octets of a message.
     *
     * @return false if the client is gone
     * @throws SocketTimeoutException if it is silent or too slow
     * @throws SessionEnd if the proxy stops and waits no longer
     */
    boolean fill(ClientDeadline deadline) throws IOException, SessionEnd {
        endMessageIfCutting();
        client.connection().readUntil(() -> context.state().isCutting() || deadline.isReached());
        try {
            int before = octets().buffered();
            deadline.beginWait();
            boolean more = octets().fill();
            deadline.endWait(octets().buffered() - before);
            return more;
        } catch (SocketTimeoutException e) {
            endMessageIfCutting();
            throw e;
        }
    }

    private void endMessageIfCutting() throws SessionEnd {
        if (context.state().isCutting()) {
            throw new SessionEnd(Replies.STOPPING, "proxy stops in the middle of a message");
        }
    }

    private void endIfStopping() throws SessionEnd {
        if (context.state().isStopping()) {
            throw new SessionEnd(Replies.STOPPING, "proxy stops");
        }
    }

    private void endIfOthersNeedTheConnection() throws SessionEnd {
        if (context.exceedsShare(network)) {
            throw new SessionEnd(
                    Replies.NO_ROOM, "its network has more than its share of max_servers, and others wait");
        }
    }

    @FunctionalInterface
    private interface LineSource<T> {
        Optional<T> read() throws IOException;
    }

    private <T> Optional<T> nextLine(LineSource<T> source) throws IOException, SessionEnd {
        endIfStopping();
        endIfOthersNeedTheConnection();
        octets().shrink();
        commands.beginCommand();
        client.connection().readUntil(new LineWait());
        try {
            Optional<T> line = source.read();
            commands.endWait(0);
            return line;
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
        private final TimeLimit firstLook = TimeLimit.of(context.timeouts().poll());
        private volatile boolean relayStirs;

        @Override
        public boolean isReached() {
            if (commands.isReached() || context.state().isStopping() || relayStirs) {
                return true;
            }
            if (firstLook.isReached()) {
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
                client.connection().endOverdueRead();
            }
        }
    }
}
