package org.dkimproxy.standalone.session;

import java.io.IOException;
import java.net.Socket;
import java.util.function.Supplier;
import org.dkimproxy.standalone.access.ConnectionLimit;
import org.dkimproxy.standalone.config.ProxyConfiguration;
import org.dkimproxy.standalone.log.DkimproxyLog;
import org.dkimproxy.standalone.log.LogSession;
import org.dkimproxy.standalone.metrics.Metrics;
import org.dkimproxy.standalone.spool.SpoolBudget;

/** All sessions of a listener: begins each, and ends them when the proxy stops. Thread-safe. */
public final class Sessions {
    private final SessionContext context;
    private final LogSession.Ids ids = new LogSession.Ids();

    /**
     * No session yet.
     *
     * @param configuration the one in use; asked for each session and each message, since a reload replaces it
     * @param clients how many clients are connected and wait
     */
    public Sessions(
            Supplier<ProxyConfiguration> configuration,
            Timeouts timeouts,
            ConnectionLimit clients,
            Metrics metrics,
            DkimproxyLog log) {
        SpoolBudget budget =
                new SpoolBudget(() -> configuration.get().settings().limits().spool(), timeouts.admission());
        Overload overload = new Overload(clients, budget, timeouts.lateGreeting());
        this.context = new SessionContext(
                configuration,
                () -> Relay.connect(configuration.get().settings().relay(), timeouts),
                timeouts,
                log,
                metrics,
                clients,
                budget,
                overload,
                new ServerState(),
                new Watchdog(overload, timeouts.poll(), log));
    }

    /** Keeps time limits from now on. */
    public void start() {
        context.watchdog().start();
    }

    /** Serves a client until its session ends, on the thread that calls, and closes its connection. */
    public void serve(Socket client) {
        LogSession.run(ids.next(), () -> run(client));
    }

    private void run(Socket client) {
        context.metrics().sessionBegan();
        try (client) {
            Session.run(new Connection(new SocketTransport(client), context::clientWriteTimeout), context);
        } catch (IOException e) {
            context.log().debug("client gone at once: " + e.getMessage());
        } finally {
            context.metrics().sessionEnded();
        }
    }

    /**
     * Ends each session before its next command.
     *
     * @return false if another thread has done so before
     */
    public boolean stop() {
        return context.state().stop();
    }

    /** Ends messages that are still coming in, after {@link #stop}. */
    public void cut() {
        context.state().cut();
    }

    /** Closes all connections, and keeps no time limits any more. */
    public void close() {
        context.watchdog().stop();
    }
}
