package org.dkimproxy.standalone.proxy;

import java.io.IOException;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.dkimproxy.signing.SigningTransaction;
import org.dkimproxy.standalone.access.AddressText;
import org.dkimproxy.standalone.log.DkimproxyLog;
import org.dkimproxy.standalone.log.Faults;
import org.dkimproxy.standalone.options.Address;
import org.dkimproxy.standalone.options.ProxySettings;

/**
 * Accepts clients on all addresses, turns away those who may not connect, and gives each other one a session on a virtual
 * thread of its own. No more than the configured number are accepted at once, over all addresses; further clients wait in
 * the system's queue.
 *
 * <p>{@link #serve} and {@link #stop} are called on different threads.
 */
public final class Listener {
    private static final long PAUSE_MILLIS = 200;

    private final ListeningSockets sockets;
    private final SessionContext context;
    private final Connections connections = new Connections();
    private final AtomicBoolean stopping = new AtomicBoolean();
    private final CountDownLatch stopRequested = new CountDownLatch(1);
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Semaphore permits;

    private Listener(
            ListeningSockets sockets,
            ProxySettings settings,
            Timeouts timeouts,
            Supplier<SigningTransaction> transactions,
            DkimproxyLog log) {
        this.sockets = sockets;
        this.permits = new Semaphore(settings.maxSessions());
        this.context = new SessionContext(settings, timeouts, transactions, log, connections, stopping::get);
    }

    /**
     * Binds all addresses; clients can connect from then on, and are served once {@link #serve} runs.
     *
     * @param transactions begins the signing of one message; asked once for each
     * @throws IOException if an address cannot be had; its message names the address
     */
    public static Listener open(ProxySettings settings, Supplier<SigningTransaction> transactions, DkimproxyLog log)
            throws IOException {
        return open(settings, Timeouts.STANDARD, transactions, log);
    }

    static Listener open(
            ProxySettings settings, Timeouts timeouts, Supplier<SigningTransaction> transactions, DkimproxyLog log)
            throws IOException {
        return new Listener(ListeningSockets.bind(settings.listen()), settings, timeouts, transactions, log);
    }

    /** The addresses in use, in order; with the port that the system chose where none was asked for. */
    public List<Address> addresses() {
        return sockets.addresses();
    }

    /** Accepts clients until {@link #stop}. */
    public void serve() {
        Thread.ofPlatform().daemon().name("stuck-writes").start(this::closeStuckConnections);
        while (!stopping.get()) {
            permits.acquireUninterruptibly();
            boolean handedOver = false;
            try {
                Optional<SocketChannel> client = sockets.accept();
                if (client.isEmpty()) {
                    return;
                }
                Socket socket = client.get().socket();
                Thread.ofVirtual()
                        .name("session")
                        .uncaughtExceptionHandler(
                                (_, fault) -> context.log().error("session lost: " + Faults.describe(fault)))
                        .start(() -> serve(socket));
                handedOver = true;
            } catch (IOException e) {
                if (!stopping.get()) {
                    context.log().error("cannot accept a client: " + e.getMessage());
                    await(stopRequested, PAUSE_MILLIS);
                }
            } finally {
                if (!handedOver) {
                    permits.release();
                }
            }
        }
    }

    /**
     * Accepts no more clients, lets messages under way end, and then closes every connection that is left. Idle clients
     * are told.
     *
     * @param deadline how long messages under way may take
     * @return false if another thread has stopped it before
     */
    public boolean stop(Duration deadline) {
        if (!stopping.compareAndSet(false, true)) {
            return false;
        }
        stopRequested.countDown();
        try {
            sockets.close();
        } catch (IOException e) {
            context.log().warning("listening sockets: " + e.getMessage());
        }
        int sessions = context.settings().maxSessions();
        if (!acquireAll(sessions, deadline)) {
            context.log().warning("sessions cut at the end: " + (sessions - permits.availablePermits()));
            connections.closeAll();
        }
        stopped.countDown();
        return true;
    }

    private void serve(Socket socket) {
        try (socket) {
            Optional<String> refusal = context.settings().access().refusal(socket.getInetAddress());
            if (refusal.isPresent()) {
                String address = AddressText.of(socket.getInetAddress());
                context.log().notice("connection refused from " + address + ": " + refusal.get());
                return;
            }
            Session.run(new Connection(socket, context.timeouts().block(), connections), context);
        } catch (IOException e) {
            context.log().debug("client gone at once: " + e.getMessage());
        } finally {
            permits.release();
        }
    }

    private void closeStuckConnections() {
        while (!await(stopped, context.timeouts().poll().toMillis())) {
            connections.closeStuck();
        }
    }

    private boolean acquireAll(int sessions, Duration deadline) {
        try {
            return permits.tryAcquire(sessions, deadline.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static boolean await(CountDownLatch latch, long millis) {
        try {
            return latch.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }
}
