package org.dkimproxy.standalone.metrics;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import org.dkimproxy.standalone.log.DkimproxyLog;
import org.dkimproxy.standalone.log.Faults;
import org.dkimproxy.standalone.metrics.HttpConnection.Phase;
import org.dkimproxy.standalone.net.BoundSocket;
import org.dkimproxy.standalone.net.HostPort;

/**
 * Answers HTTP requests, one a connection. Slow clients hold nobody up: a request has to arrive within seconds, a connection
 * is closed after a fixed time, and when the maximum of connections is reached, the slowest makes room for the next client. So
 * memory and threads are bounded too.
 */
final class HttpEndpoint implements Closeable {
    /** Connections served at once. */
    static final int MAX_CONNECTIONS = 64;

    /** So many that clients which reconnect at once do not fill it: a SYN that is dropped is sent again a second later. */
    private static final int BACKLOG = 1024;

    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final BoundSocket socket;
    private final HttpTimeouts timeouts;
    private final HttpConnections connections;

    private HttpEndpoint(BoundSocket socket, HttpTimeouts timeouts) {
        this.socket = socket;
        this.timeouts = timeouts;
        this.connections = new HttpConnections(MAX_CONNECTIONS, timeouts.grace());
    }

    /**
     * Binds an address; connections wait until {@link #start}.
     *
     * @throws IOException if it cannot be had; its message names the address
     */
    static HttpEndpoint bind(HostPort address) throws IOException {
        return bind(address, HttpTimeouts.DEFAULT);
    }

    /** Binds an address, with timeouts for tests. */
    static HttpEndpoint bind(HostPort address, HttpTimeouts timeouts) throws IOException {
        return new HttpEndpoint(BoundSocket.bind(address, BACKLOG), timeouts);
    }

    /** What was bound, with the port that the system chose where none was asked for. */
    HostPort address() {
        return socket.address();
    }

    /** Whether only this machine can connect. */
    boolean isLoopback() {
        return socket.isLoopback();
    }

    /** Answers requests from now on, on threads that do not keep the program alive. */
    void start(Function<HttpRequest, HttpResponse> pages, DkimproxyLog log) {
        Thread.ofPlatform().daemon().name("metrics").start(() -> accept(pages, log));
    }

    /** Takes no more connections. */
    @Override
    public void close() throws IOException {
        socket.close();
    }

    private void accept(Function<HttpRequest, HttpResponse> pages, DkimproxyLog log) {
        try {
            while (true) {
                Optional<SocketChannel> client = next(log);
                if (client.isEmpty()) {
                    Thread.sleep(PAUSE);
                    continue;
                }
                HttpConnection connection = new HttpConnection(client.get(), System.nanoTime());
                connections.add(connection);
                Thread.ofVirtual()
                        .name("metrics-request")
                        .uncaughtExceptionHandler(
                                (_, fault) -> log.error("metrics request lost: " + Faults.describe(fault)))
                        .start(() -> serve(connection, pages, log));
            }
        } catch (ClosedChannelException _) {
            // closed by close(): nothing is left to be done
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** Empty if the system has no room for a client now. */
    private Optional<SocketChannel> next(DkimproxyLog log) throws ClosedChannelException {
        try {
            return Optional.of(socket.channel().accept());
        } catch (ClosedChannelException e) {
            throw e;
        } catch (IOException e) {
            log.warning("cannot accept a client for metrics: " + e.getMessage());
            return Optional.empty();
        }
    }

    private void serve(HttpConnection client, Function<HttpRequest, HttpResponse> pages, DkimproxyLog log) {
        Thread end = Thread.ofVirtual().start(() -> closeInTime(client));
        try (client) {
            answer(client, pages);
        } catch (IOException e) {
            log.debug("metrics client gone: " + e);
        } finally {
            end.interrupt();
            connections.remove(client);
        }
    }

    private static void answer(HttpConnection client, Function<HttpRequest, HttpResponse> pages) throws IOException {
        SocketChannel channel = client.channel();
        InputStream in = new BufferedInputStream(Channels.newInputStream(channel), HttpRequest.LIMIT);
        OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel));
        Optional<HttpRequest> request = HttpRequest.read(in);
        client.enter(Phase.PAGE, System.nanoTime());
        HttpResponse response = request.map(pages).orElse(HttpResponse.BAD_REQUEST);
        client.enter(Phase.RESPONSE, System.nanoTime());
        response.write(out, request.filter(HttpRequest::isHead).isPresent());
        if (request.filter(HttpRequest::reads).isEmpty()) {
            // to close with input unread would destroy the response on its way
            channel.shutdownOutput();
            in.transferTo(OutputStream.nullOutputStream());
        }
    }

    private void closeInTime(HttpConnection client) {
        try {
            Thread.sleep(timeouts.request());
            if (client.phase() != Phase.REQUEST) {
                Thread.sleep(timeouts.life().minus(timeouts.request()));
            }
            client.close();
        } catch (InterruptedException | IOException _) {
            // served in time, or closed as far as it can be
        }
    }
}
