package org.dkimproxy.standalone.server;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.dkimproxy.standalone.access.ConnectionLimit;
import org.dkimproxy.standalone.config.ProxyConfiguration;
import org.dkimproxy.standalone.config.ProxySettings;
import org.dkimproxy.standalone.log.DkimproxyLog;
import org.dkimproxy.standalone.log.Faults;
import org.dkimproxy.standalone.metrics.Metrics;
import org.dkimproxy.standalone.net.HostPort;
import org.dkimproxy.standalone.net.ListeningSockets;
import org.dkimproxy.standalone.session.Sessions;
import org.dkimproxy.standalone.session.Timeouts;

/**
 * Accepts clients on all addresses until it is stopped, and serves each that the {@link ClientGate} lets in on a virtual
 * thread of its own.
 *
 * <p>{@link #serve} and {@link #stop} are called on different threads.
 */
public final class Listener {
    private static final Duration PAUSE = Duration.ofMillis(200);
    private static final Duration GATHER = Duration.ofMillis(100);

    private final ListeningSockets sockets;
    private final ConnectionLimit limit;
    private final ClientGate gate;
    private final Sessions sessions;
    private final DkimproxyLog log;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final CountDownLatch closeRequested = new CountDownLatch(1);

    private Listener(
            ListeningSockets sockets,
            Supplier<ProxyConfiguration> configuration,
            Timeouts timeouts,
            Metrics metrics,
            DkimproxyLog log) {
        this.sockets = sockets;
        this.limit = new ConnectionLimit(configuration.get().settings().limits().connections());
        this.gate = new ClientGate(
                sockets, limit, timeouts.admission(), () -> configuration.get().settings(), metrics, log);
        this.sessions = new Sessions(configuration, timeouts, limit, metrics, log);
        this.log = log;
    }

    /**
     * Binds all addresses; clients can connect from then on, and are served once {@link #serve} runs.
     *
     * @param configuration the one in use; asked for each session and each message, since a reload replaces it. Its
     *     addresses and its number of connections are asked now only
     * @throws IOException if an address cannot be had; its message names the address
     */
    public static Listener open(
            Supplier<ProxyConfiguration> configuration, Timeouts timeouts, Metrics metrics, DkimproxyLog log)
            throws IOException {
        ProxySettings settings = configuration.get().settings();
        return new Listener(ListeningSockets.bind(settings.listen()), configuration, timeouts, metrics, log);
    }

    /** The addresses in use, in order; with the port that the system chose where none was asked for. */
    public List<HostPort> addresses() {
        return sockets.addresses();
    }

    /** Whether clients are accepted: so until {@link #drain} or {@link #stop}. */
    public boolean isAccepting() {
        return !closed.get();
    }

    /**
     * Accepts clients until {@link #drain} or {@link #stop}. It does so on a virtual thread, whose waking costs less beside
     * those of the sessions.
     */
    public void serve() {
        sessions.start();
        Thread accepting = Thread.ofVirtual()
                .name("accept")
                .uncaughtExceptionHandler((_, fault) -> log.error("accepts no more clients: " + Faults.describe(fault)))
                .start(this::acceptClients);
        try {
            accepting.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void acceptClients() {
        while (!closed.get()) {
            try {
                if (gate.clientsWait()) {
                    limit.awaitFree(GATHER);
                } else {
                    sockets.awaitClient();
                }
                serveNext();
            } catch (IOException e) {
                pauseAfter(String.valueOf(e.getMessage()));
            } catch (RuntimeException | OutOfMemoryError e) {
                // an error with one client must not end the accepting of others
                pauseAfter(Faults.describe(e));
            }
        }
        gate.rejectAll();
    }

    private void serveNext() throws IOException {
        Optional<AcceptedClient> client = gate.next();
        while (client.isPresent()) {
            serve(client.get());
            client = gate.clientsWait() ? gate.next() : Optional.empty();
        }
    }

    private void serve(AcceptedClient client) throws IOException {
        boolean handedOver = false;
        try {
            Thread.ofVirtual()
                    .name("session")
                    .uncaughtExceptionHandler((_, fault) -> log.error("session lost: " + Faults.describe(fault)))
                    .start(() -> runSession(client));
            handedOver = true;
        } finally {
            if (!handedOver) {
                limit.close(client.network());
                client.channel().close();
            }
        }
    }

    private void runSession(AcceptedClient client) {
        try {
            sessions.serve(client.socket());
        } finally {
            limit.close(client.network());
        }
    }

    private void pauseAfter(String fault) {
        if (closed.get()) {
            return;
        }
        log.error("cannot accept a client: " + fault);
        try {
            boolean _ = closeRequested.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Accepts no more clients; those that are served already go on until their sessions end. */
    public void drain() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        closeRequested.countDown();
        try {
            sockets.close();
        } catch (IOException e) {
            log.warning("listening sockets: " + e.getMessage());
        }
    }

    /**
     * Waits until nobody is served any more, which makes sense after {@link #drain}.
     *
     * @return false if a session is left after this time
     */
    public boolean awaitEndOfSessions(Duration time) {
        return limit.awaitNoneOpen(time);
    }

    /**
     * Accepts no more clients, lets messages in flight end, and then closes every connection that is left. Idle clients
     * hear so at once, and those whose message has not come to its end when its time is over hear it then.
     *
     * @param messages how long messages may take to come in and to be answered
     * @param answers how long after that the relay may take to answer those that have come in
     * @return false if another thread has stopped it before
     */
    public boolean stop(Duration messages, Duration answers) {
        if (!sessions.stop()) {
            return false;
        }
        drain();
        if (!awaitEndOfSessions(messages)) {
            sessions.cut();
            if (!awaitEndOfSessions(answers)) {
                log.warning("sessions cut at the end: " + limit.open());
            }
        }
        sessions.close();
        return true;
    }
}
