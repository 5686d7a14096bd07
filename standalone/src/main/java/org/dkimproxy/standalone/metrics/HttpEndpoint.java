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
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import org.dkimproxy.standalone.log.DkimproxyLog;
import org.dkimproxy.standalone.log.Faults;
import org.dkimproxy.standalone.net.BoundSocket;
import org.dkimproxy.standalone.options.Address;

/**
 * Answers HTTP requests, one a connection. Whatever a client does or leaves undone, its connection is closed after a fixed
 * time, and only a few are served at once; more wait in the system's queue. So memory and threads are bounded.
 */
final class HttpEndpoint implements Closeable {
    /** Connections served at once. */
    static final int MOST_CONNECTIONS = 16;

    private static final int BACKLOG = 16;
    private static final Duration LIFE = Duration.ofSeconds(10);
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final BoundSocket socket;
    private final Duration life;
    private final Semaphore permits = new Semaphore(MOST_CONNECTIONS);

    private HttpEndpoint(BoundSocket socket, Duration life) {
        this.socket = socket;
        this.life = life;
    }

    /**
     * Binds an address; who connects waits until {@link #start}.
     *
     * @throws IOException if it cannot be had; its message names the address
     */
    static HttpEndpoint bind(Address address) throws IOException {
        return bind(address, LIFE);
    }

    /** The same with another time after which a connection is closed. */
    static HttpEndpoint bind(Address address, Duration life) throws IOException {
        return new HttpEndpoint(BoundSocket.bind(address, BACKLOG), life);
    }

    /** What was bound, with the port that the system chose where none was asked for. */
    Address address() {
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
                permits.acquire();
                Optional<SocketChannel> client = next(log);
                if (client.isEmpty()) {
                    permits.release();
                    Thread.sleep(PAUSE);
                    continue;
                }
                Thread.ofVirtual()
                        .name("metrics-request")
                        .uncaughtExceptionHandler(
                                (_, fault) -> log.error("metrics request lost: " + Faults.describe(fault)))
                        .start(() -> serve(client.get(), pages, log));
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

    private void serve(SocketChannel client, Function<HttpRequest, HttpResponse> pages, DkimproxyLog log) {
        Thread end = Thread.ofVirtual().start(() -> closeAtEndOfLife(client));
        try (client) {
            answer(client, pages);
        } catch (IOException e) {
            log.debug("metrics client gone: " + e);
        } finally {
            end.interrupt();
            permits.release();
        }
    }

    private static void answer(SocketChannel client, Function<HttpRequest, HttpResponse> pages) throws IOException {
        InputStream in = new BufferedInputStream(Channels.newInputStream(client), HttpRequest.LIMIT);
        OutputStream out = new BufferedOutputStream(Channels.newOutputStream(client));
        Optional<HttpRequest> request = HttpRequest.read(in);
        HttpResponse response = request.map(pages).orElse(HttpResponse.BAD_REQUEST);
        response.write(out, request.filter(HttpRequest::isHead).isPresent());
        if (request.filter(HttpRequest::reads).isEmpty()) {
            // to close with input unread would destroy the response on its way
            client.shutdownOutput();
            in.transferTo(OutputStream.nullOutputStream());
        }
    }

    private void closeAtEndOfLife(SocketChannel client) {
        try {
            Thread.sleep(life);
            client.close();
        } catch (InterruptedException | IOException _) {
            // served in time, or closed as far as it can be
        }
    }
}
