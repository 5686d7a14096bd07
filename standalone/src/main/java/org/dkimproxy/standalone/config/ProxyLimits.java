package org.dkimproxy.standalone.config;

import java.util.OptionalInt;

/**
 * How much the proxy takes on.
 *
 * @param messageSize maximum octets of a message; 0 for what the relay announces, if it does
 * @param connections maximum clients connected at once; more wait
 * @param connectionsPerClient maximum clients of one network connected at once; 0 for no maximum; empty for a share of
 *     {@code connections} that binds only while a client of another network waits
 * @param spool maximum octets of all messages in flight
 */
public record ProxyLimits(long messageSize, int connections, OptionalInt connectionsPerClient, long spool) {
    /** Maximum clients when {@code max_servers} is not given. */
    public static final int CONNECTIONS = 1000;

    /** Maximum octets of all messages in flight when {@code spool_budget} is not given. */
    public static final long SPOOL = 4L << 30;

    /** What holds when no option is given. */
    public static final ProxyLimits STANDARD = new ProxyLimits(0, CONNECTIONS, OptionalInt.empty(), SPOOL);

    private static final String PER_CLIENT = "max_servers_per_client";
    private static final long LARGEST_MESSAGE = 1L << 40;
    private static final long LARGEST_SPOOL = 1L << 50;
    private static final long SMALLEST_SPOOL = 1L << 20;
    private static final int MAXIMUM_CONNECTIONS = 100_000;

    /** Reads them; problems are left in {@code values}. */
    static ProxyLimits read(OptionValues values) {
        int perClient = (int) values.number(PER_CLIENT, 0, MAXIMUM_CONNECTIONS, 0);
        return new ProxyLimits(
                values.number("message_size_limit", 0, LARGEST_MESSAGE, 0),
                (int) values.number("max_servers", 1, MAXIMUM_CONNECTIONS, CONNECTIONS),
                values.text(PER_CLIENT).isPresent() ? OptionalInt.of(perClient) : OptionalInt.empty(),
                values.number("spool_budget", SMALLEST_SPOOL, LARGEST_SPOOL, SPOOL));
    }

    /** Connections that a network of clients may have while a client of another network waits. */
    public int connectionShare() {
        return connectionsPerClient.isPresent() ? connections : (connections + 1) / 2;
    }

    /** What holds after a reload: {@code next}, but for what is looked at in a start only. */
    ProxyLimits reloadedAs(ProxyLimits next) {
        return new ProxyLimits(next.messageSize, connections, next.connectionsPerClient, next.spool);
    }
}
