package org.dkimproxy.standalone.metrics;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.SocketChannel;

/** A client of the {@link HttpEndpoint}, and how far its request is. */
final class HttpConnection implements Closeable {
    /** What a connection waits for. */
    enum Phase {
        /** For the client to send the head of its request. */
        REQUEST,
        /** For this program to make the page. */
        PAGE,
        /** For the client to take the response. */
        RESPONSE
    }

    /** A phase and when it began, by {@link System#nanoTime}. */
    private record State(Phase phase, long sinceNanos) {}

    private final SocketChannel channel;
    private volatile State state;

    /** @param acceptedNanos when the client was accepted, by {@link System#nanoTime} */
    HttpConnection(SocketChannel channel, long acceptedNanos) {
        this.channel = channel;
        this.state = new State(Phase.REQUEST, acceptedNanos);
    }

    SocketChannel channel() {
        return channel;
    }

    Phase phase() {
        return state.phase;
    }

    /** Begins the next phase at a time of {@link System#nanoTime}. */
    void enter(Phase next, long nowNanos) {
        state = new State(next, nowNanos);
    }

    /** How long the phase has lasted. */
    long waitNanos(long nowNanos) {
        return nowNanos - state.sinceNanos;
    }

    /** Whether the client has sent octets that were not read yet, so that it is this program that is late. */
    boolean hasInput() {
        try {
            return channel.socket().getInputStream().available() > 0;
        } catch (IOException _) {
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
