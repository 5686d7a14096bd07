package org.dkimproxy.standalone.proxy;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.dkimproxy.standalone.smtp.Reply;

/**
 * Waits for the client between two commands, with an eye on the relay, which may hang up unasked (RFC 5321 section 3.8),
 * and on the end of the proxy.
 */
final class IdleWatch {
    private final Connection client;
    private final Relay relay;
    private final SessionContext context;
    private boolean relayForgotten;

    IdleWatch(Connection client, Relay relay, SessionContext context) {
        this.client = client;
        this.relay = relay;
        this.context = context;
    }

    /** From now on the relay is closed, and that is no news. */
    void forgetRelay() {
        relayForgotten = true;
    }

    /**
     * Waits for the client's next octets; returns whether the client is there.
     *
     * @throws SocketTimeoutException if it stays silent
     * @throws SessionEnd if the proxy stops, or the relay has said 421
     */
    boolean awaitClient() throws IOException, SessionEnd {
        long deadline = System.nanoTime() + context.timeouts().client().toNanos();
        Duration poll = context.timeouts().poll();
        while (true) {
            if (context.stopping().getAsBoolean()) {
                throw new SessionEnd(Replies.STOPPING, "proxy stops");
            }
            Duration left = Duration.ofNanos(deadline - System.nanoTime());
            if (client.input().buffered() > 0) {
                client.readWithin(left);
                return true;
            }
            client.readWithin(left.compareTo(poll) < 0 ? left : poll);
            try {
                if (!client.input().fill()) {
                    return false;
                }
            } catch (SocketTimeoutException e) {
                if (deadline - System.nanoTime() <= 0) {
                    throw e;
                }
                if (!relayForgotten && relay.hasSpokenOrClosed()) {
                    throw unsolicited();
                }
            }
        }
    }

    /** What a relay says unasked is for the client if it is a 421, and a fault otherwise. */
    SessionEnd unsolicited() throws RelayException {
        Reply reply = relay.reply(context.timeouts().command());
        if (!reply.isClosing()) {
            throw new RelayException("relay spoke without being asked");
        }
        return new SessionEnd(reply, "relay closes the session");
    }
}
