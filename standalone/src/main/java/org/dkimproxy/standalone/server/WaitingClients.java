package org.dkimproxy.standalone.server;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.Optional;
import java.util.function.Predicate;
import org.dkimproxy.standalone.access.ClientNetwork;
import org.dkimproxy.standalone.access.ConnectionLimit;

/**
 * Accepted clients that wait for a connection, in order of arrival. They are accepted before they can be served so that
 * their addresses are known. Used by the thread that accepts.
 */
final class WaitingClients {
    /** Clients that wait here; more wait in the system's queue. */
    static final int MAXIMUM = 128;

    private final ConnectionLimit limit;
    private final long timeoutNanos;
    private final Deque<Waiting> clients = new ArrayDeque<>();

    /** Clients that wait for a connection of this limit, each for this time. */
    WaitingClients(ConnectionLimit limit, Duration timeout) {
        this.limit = limit;
        this.timeoutNanos = timeout.toNanos();
    }

    private record Waiting(AcceptedClient client, long since) {}

    boolean isEmpty() {
        return clients.isEmpty();
    }

    boolean isFull() {
        return clients.size() >= MAXIMUM;
    }

    void add(AcceptedClient client) {
        clients.add(new Waiting(client, System.nanoTime()));
        limit.beginWait(client.network());
    }

    /** Removes the first client of a preferred network, or else the first of all. */
    Optional<AcceptedClient> removeFirst(Predicate<ClientNetwork> preferred) {
        Optional<Waiting> first = clients.stream()
                .filter(waiting -> preferred.test(waiting.client().network()))
                .findFirst()
                .or(() -> Optional.ofNullable(clients.peek()));
        first.ifPresent(this::remove);
        return first.map(Waiting::client);
    }

    /** Removes the first client if its time is over. */
    Optional<AcceptedClient> removeExpired() {
        Optional<Waiting> expired =
                Optional.ofNullable(clients.peek()).filter(first -> System.nanoTime() - first.since() >= timeoutNanos);
        expired.ifPresent(this::remove);
        return expired.map(Waiting::client);
    }

    /** Removes the latest client of the network with the most clients here. */
    Optional<AcceptedClient> removeOfLargestNetwork() {
        Optional<Waiting> latest = clients.reversed().stream()
                .max(Comparator.comparingInt(
                        waiting -> limit.waiting(waiting.client().network())));
        latest.ifPresent(this::remove);
        return latest.map(Waiting::client);
    }

    /** Whether clients of more than one network wait. */
    boolean hasSeveralNetworks() {
        return !isEmpty() && limit.othersWait(clients.peek().client().network());
    }

    private void remove(Waiting waiting) {
        clients.remove(waiting);
        limit.endWait(waiting.client().network());
    }
}
