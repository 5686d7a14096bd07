package org.dkimproxy.standalone.proxy;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Optional;
import org.dkimproxy.standalone.smtp.Command;
import org.dkimproxy.standalone.smtp.CommandReader;

/**
 * Waits for whole lines of the client, each with a deadline that no trickle of octets can move, and with an eye on the
 * relay, which may hang up unasked (RFC 5321 section 3.8), and on the end of the proxy.
 */
final class ClientLines {
    private final Connection client;
    private final Relay relay;
    private final SessionContext context;
    private final CommandReader reader;

    ClientLines(Connection client, Relay relay, SessionContext context) {
        this.client = client;
        this.relay = relay;
        this.context = context;
        this.reader = new CommandReader(client.input());
    }

    /**
     * The next command; empty when the client is gone.
     *
     * @param limit the longest line in octets, CRLF included
     * @throws SocketTimeoutException if it did not come in time
     * @throws SessionEnd if the proxy stops, or the relay has said 421
     */
    Optional<Command> nextCommand(int limit) throws IOException, SessionEnd {
        return await(() -> reader.next(limit));
    }

    /** The same for the answer to a challenge, a line with its CRLF. */
    Optional<byte[]> nextAuthLine() throws IOException, SessionEnd {
        return await(reader::nextAuthLine);
    }

    /** Reads a line; after a time-out it can be tried again, and nothing is lost. */
    @FunctionalInterface
    private interface Attempt<T> {
        Optional<T> read() throws IOException;
    }

    private <T> Optional<T> await(Attempt<T> attempt) throws IOException, SessionEnd {
        long begun = System.nanoTime();
        Duration poll = context.timeouts().poll();
        while (true) {
            if (context.stopping().getAsBoolean()) {
                throw new SessionEnd(Replies.STOPPING, "proxy stops");
            }
            Duration left = context.timeouts().client().minusNanos(System.nanoTime() - begun);
            client.readWithin(left.compareTo(poll) < 0 ? left : poll);
            try {
                return attempt.read();
            } catch (SocketTimeoutException e) {
                if (left.compareTo(poll) < 0) {
                    throw e;
                }
                client.input().shrink();
                if (relay.isOpen() && relay.hasSpokenOrClosed()) {
                    throw relay.unsolicited(context.timeouts().command());
                }
            }
        }
    }
}
