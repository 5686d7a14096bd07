package org.dkimproxy.standalone.server;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.dkimproxy.standalone.access.AddressText;
import org.dkimproxy.standalone.access.ClientNetwork;
import org.dkimproxy.standalone.access.ConnectionLimit;
import org.dkimproxy.standalone.config.ProxyLimits;
import org.dkimproxy.standalone.config.ProxySettings;
import org.dkimproxy.standalone.log.DkimproxyLog;
import org.dkimproxy.standalone.metrics.Metrics;
import org.dkimproxy.standalone.metrics.TurnedAway;
import org.dkimproxy.standalone.net.ClientSource;
import org.dkimproxy.standalone.session.Replies;
import org.dkimproxy.standalone.smtp.Reply;

/**
 * Accepts clients and decides which is served next, which waits and which is rejected. Used by the thread that accepts.
 *
 * <p>Clients wait when {@code max_servers} is reached. Of those that wait, the first whose network is within its share
 * of the connections is served next, and otherwise the first of all. One that has waited too long is rejected, since its
 * mail server can try another time (RFC 5321 section 3.8).
 */
final class ClientGate {
    private static final int MAXIMUM_GATHERED = 512;

    private final ClientSource source;
    private final ConnectionLimit limit;
    private final WaitingClients waiting;
    private final Supplier<ProxySettings> settings;
    private final Metrics metrics;
    private final DkimproxyLog log;

    /**
     * A gate between the clients of this source and the sessions.
     *
     * @param admission how long a client may wait
     * @param settings those in use
     */
    ClientGate(
            ClientSource source,
            ConnectionLimit limit,
            Duration admission,
            Supplier<ProxySettings> settings,
            Metrics metrics,
            DkimproxyLog log) {
        this.source = source;
        this.limit = limit;
        this.waiting = new WaitingClients(limit, admission);
        this.settings = settings;
        this.metrics = metrics;
        this.log = log;
    }

    /** Whether accepted clients wait for a connection. */
    boolean clientsWait() {
        return !waiting.isEmpty();
    }

    /**
     * The client to be served next, for which {@link ConnectionLimit#tryOpen} has succeeded; empty if there is none now.
     *
     * @throws IOException if the system cannot accept a client
     */
    Optional<AcceptedClient> next() throws IOException {
        if (waiting.isEmpty()) {
            Optional<AcceptedClient> arrived = accept();
            if (arrived.isEmpty() || limit.tryOpen(arrived.get().network())) {
                return arrived;
            }
            waiting.add(arrived.get());
        }
        // before more are accepted, which fails without free descriptors: those that wait here hold some
        rejectExpired();
        Optional<AcceptedClient> first = openForFirst();
        if (first.isPresent()) {
            return first;
        }
        gather();
        return openForFirst();
    }

    /** Rejects all clients that wait, since the proxy stops. */
    void rejectAll() {
        for (Optional<AcceptedClient> client = removeFirst(); client.isPresent(); client = removeFirst()) {
            reject(client.get(), Replies.STOPPING);
        }
    }

    private Optional<AcceptedClient> openForFirst() {
        if (!limit.hasFree()) {
            return Optional.empty();
        }
        Optional<AcceptedClient> first = removeFirst();
        if (first.isPresent() && !limit.tryOpen(first.get().network())) {
            waiting.add(first.get());
            return Optional.empty();
        }
        return first;
    }

    private Optional<AcceptedClient> removeFirst() {
        int share = limits().connectionShare();
        return waiting.removeFirst(network -> limit.isWithinShare(network, share));
    }

    /**
     * Accepts those that wait in the system's queue. When {@link WaitingClients} is full, the network with the most
     * clients there makes room; clients of one and the same network are left in the system's queue.
     */
    private void gather() throws IOException {
        int crowdedOut = 0;
        for (int i = 0; i < MAXIMUM_GATHERED && (!waiting.isFull() || waiting.hasSeveralNetworks()); i++) {
            boolean wasFull = waiting.isFull();
            Optional<AcceptedClient> arrived = accept();
            if (arrived.isEmpty()) {
                break;
            }
            waiting.add(arrived.get());
            if (wasFull) {
                rejectForLackOfRoom(waiting.removeOfLargestNetwork());
                crowdedOut++;
            }
        }
        logRejected(crowdedOut);
    }

    private void rejectExpired() {
        int expired = 0;
        for (Optional<AcceptedClient> client = waiting.removeExpired();
                client.isPresent();
                client = waiting.removeExpired()) {
            rejectForLackOfRoom(client);
            expired++;
        }
        logRejected(expired);
    }

    private void rejectForLackOfRoom(Optional<AcceptedClient> client) {
        client.ifPresent(rejected -> {
            metrics.clientTurnedAway(TurnedAway.MAX_SERVERS);
            reject(rejected, Replies.NO_ROOM);
        });
    }

    private void logRejected(int count) {
        if (count > 0) {
            log.warning("max_servers reached: rejected clients: " + count);
        }
    }

    /** The next client that may connect; empty if there is none now. */
    private Optional<AcceptedClient> accept() throws IOException {
        Optional<SocketChannel> channel = source.accept();
        if (channel.isEmpty()) {
            return Optional.empty();
        }
        AcceptedClient client = AcceptedClient.of(channel.get());
        return mayConnect(client) ? Optional.of(client) : Optional.empty();
    }

    private boolean mayConnect(AcceptedClient client) throws IOException {
        Optional<String> refusal = settings.get().access().refusal(client.address());
        if (refusal.isPresent()) {
            logRefused(client, refusal.get());
            metrics.clientTurnedAway(TurnedAway.ACCESS);
            client.channel().close();
            return false;
        }
        int maximum = limits().connectionsPerClient().orElse(0);
        ClientNetwork network = client.network();
        if (maximum > 0 && limit.open(network) + limit.waiting(network) >= maximum) {
            logRefused(client, "it has " + maximum + " sessions (max_servers_per_client)");
            metrics.clientTurnedAway(TurnedAway.MAX_SERVERS_PER_CLIENT);
            reject(client, Replies.NO_ROOM);
            return false;
        }
        return true;
    }

    private void logRefused(AcceptedClient client, String reason) {
        log.notice("connection refused from " + AddressText.of(client.address()) + ": " + reason);
    }

    private void reject(AcceptedClient client, Reply reply) {
        try {
            client.reject(reply);
        } catch (IOException e) {
            log.debug("client gone before it was rejected: " + e.getMessage());
        }
    }

    private ProxyLimits limits() {
        return settings.get().limits();
    }
}
