package org.dkimproxy.standalone.proxy;

import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.dkimproxy.signing.SigningTransaction;
import org.dkimproxy.standalone.log.DkimproxyLog;
import org.dkimproxy.standalone.log.Faults;
import org.dkimproxy.standalone.log.LogSession;
import org.dkimproxy.standalone.metrics.Metrics;
import org.dkimproxy.standalone.options.Address;
import org.dkimproxy.standalone.options.ProxySettings;
import org.dkimproxy.standalone.spool.SpoolBudget;

/**
 * Accepts clients on all addresses until it is stopped, and serves each that the {@link ClientGate} lets in on a virtual
 * thread of its own.
 *
 * <p>{@link #serve} and {@link #stop} are called on different threads.
 */
public final class Listener {
    private static final long PAUSE_MILLIS = 200;
    private static final Duration GATHER = Duration.ofMillis(100);

    private final ListeningSockets sockets;
    private final SessionContext context;
    private final Connections connections = new Connections();
    private final ClientGate gate;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final CountDownLatch closeRequested = new CountDownLatch(1);
    private final CountDownLatch stopped = new CountDownLatch(1);

    private Listener(
            ListeningSockets sockets,
            int maxConnections,
            Supplier<Service> service,
            Timeouts timeouts,
            Metrics metrics,
            DkimproxyLog log) {
        this.sockets = sockets;
        ConnectionLimit limit = new ConnectionLimit(maxConnections);
        SpoolBudget budget =
                new SpoolBudget(() -> service.get().settings().limits().spool(), timeouts.admission());
        this.context = new SessionContext(
                service,
                () -> Relay.connect(service.get().settings().relay(), timeouts, connections),
                timeouts,
                log,
                metrics,
                limit,
                budget,
                new Overload(limit, budget, timeouts.lateGreeting()),
                new ServerState(),
                new LogSession.Ids());
        this.gate = new ClientGate(sockets, limit, context);
    }

    /**
     * Binds all addresses; clients can connect from then on, and are served once {@link #serve} runs.
     *
     * @param service what holds at the moment; asked for each session and each message, so that it can be swapped. Where
     *     it listens and how many are served at once is asked now only
     * @param metrics is told what happens
     * @throws IOException if an address cannot be had; its message names the address
     */
    public static Listener open(Supplier<Service> service, Metrics metrics, DkimproxyLog log) throws IOException {
        return open(service, Timeouts.STANDARD, metrics, log);
    }

    static Listener open(
            ProxySettings settings,
            Timeouts timeouts,
            Supplier<SigningTransaction> transactions,
            Metrics metrics,
            DkimproxyLog log)
            throws IOException {
        Service fixed = new Service(settings, transactions);
        return open(() -> fixed, timeouts, metrics, log);
    }

    /**
     * The same with time limits of its own.
     *
     * @throws IOException if an address cannot be had; its message names the address
     */
    public static Listener open(Supplier<Service> service, Timeouts timeouts, Metrics metrics, DkimproxyLog log)
            throws IOException {
        ProxySettings settings = service.get().settings();
        return new Listener(
                ListeningSockets.bind(settings.listen()),
                settings.limits().connections(),
                service,
                timeouts,
                metrics,
                log);
    }

    /** The addresses in use, in order; with the port that the system chose where none was asked for. */
    public List<Address> addresses() {
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
        Thread.ofPlatform().daemon().name("time-limits").start(this::keepTimeLimits);
        Thread accepting = Thread.ofVirtual()
                .name("accept")
                .uncaughtExceptionHandler(
                        (_, fault) -> context.log().error("accepts no more clients: " + Faults.describe(fault)))
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
                    context.connections().awaitFree(GATHER);
                } else {
                    sockets.awaitClient();
                }
                serveNext();
            } catch (IOException e) {
                pauseAfter(String.valueOf(e.getMessage()));
            } catch (RuntimeException | OutOfMemoryError e) {
                // whatever befell one client, the next may be served
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
                    .uncaughtExceptionHandler(
                            (_, fault) -> context.log().error("session lost: " + Faults.describe(fault)))
                    .start(() -> LogSession.run(context.ids().next(), () -> runSession(client)));
            handedOver = true;
        } finally {
            if (!handedOver) {
                context.connections().close(client.network());
                client.channel().close();
            }
        }
    }

    private void runSession(AcceptedClient client) {
        context.metrics().sessionBegan();
        try (Socket socket = client.socket()) {
            Transport transport = new SocketTransport(socket);
            Session.run(new Connection(transport, context::clientWriteTimeout, connections), context);
        } catch (IOException e) {
            context.log().debug("client gone at once: " + e.getMessage());
        } finally {
            context.metrics().sessionEnded();
            context.connections().close(client.network());
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
            context.log().warning("listening sockets: " + e.getMessage());
        }
    }

    /**
     * Waits until nobody is served any more, which makes sense after {@link #drain}.
     *
     * @return false if a session is left after this time
     */
    public boolean awaitEndOfSessions(Duration time) {
        return context.connections().awaitNoneOpen(time);
    }

    /** The same with no time for the relay to answer after {@code messages}. */
    boolean stop(Duration messages) {
        return stop(messages, Duration.ZERO);
    }

    /**
     * Accepts no more clients, lets messages under way end, and then closes every connection that is left. Idle clients
     * are told at once, and those whose message has not come to its end when its time is over are told then.
     *
     * @param messages how long messages may take to come in and to be answered
     * @param answers how long after that the relay may take to answer those that have come in
     * @return false if another thread has stopped it before
     */
    public boolean stop(Duration messages, Duration answers) {
        if (!context.state().stop()) {
            return false;
        }
        drain();
        if (!awaitEndOfSessions(messages)) {
            context.state().cut();
            if (!awaitEndOfSessions(answers)) {
                context.log()
                        .warning("sessions cut at the end: "
                                + context.connections().open());
                connections.closeAll();
            }
        }
        stopped.countDown();
        return true;
    }

    private void pauseAfter(String fault) {
        if (!closed.get()) {
            context.log().error("cannot accept a client: " + fault);
            await(closeRequested, PAUSE_MILLIS);
        }
    }

    private void keepTimeLimits() {
        while (!await(stopped, context.timeouts().poll().toMillis())) {
            try {
                context.overload().look();
                connections.keepTimeLimits();
            } catch (RuntimeException | OutOfMemoryError e) {
                // there is no other who would do it
                context.log().error("time limits cannot be kept: " + Faults.describe(e));
            }
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
