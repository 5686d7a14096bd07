package org.dkimproxy.standalone.config;

import java.util.OptionalInt;
import org.dkimproxy.signing.config.Option;
import org.dkimproxy.signing.config.OptionValues;

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

    private static final long MAXIMUM_MESSAGE = 1L << 40;
    private static final long MINIMUM_SPOOL = 1L << 20;
    private static final long MAXIMUM_SPOOL = 1L << 50;
    private static final int MAXIMUM_CONNECTIONS = 100_000;

    static final Option<Long> MESSAGE_SIZE_LIMIT = Option.number(
            "message_size_limit",
            "OCTETS",
            0,
            MAXIMUM_MESSAGE,
            0,
            "maximum size of a message; 0: the size that the relay announces");
    static final Option<Long> SPOOL_BUDGET = Option.number(
            "spool_budget", "OCTETS", MINIMUM_SPOOL, MAXIMUM_SPOOL, SPOOL, "maximum size of all messages in flight");
    static final Option<Long> MAX_SERVERS = Option.number(
                    "max_servers",
                    "COUNT",
                    1,
                    MAXIMUM_CONNECTIONS,
                    CONNECTIONS,
                    "maximum clients connected at once; more wait")
            .onRestart();
    static final Option<Long> MAX_SERVERS_PER_CLIENT = Option.number(
                    "max_servers_per_client",
                    "COUNT",
                    0,
                    MAXIMUM_CONNECTIONS,
                    0,
                    "maximum clients of one address; 0: no maximum")
            .defaultText("half while others wait");

    /** Reads them; problems are left in {@code values}. */
    static ProxyLimits read(OptionValues values) {
        return new ProxyLimits(
                values.get(MESSAGE_SIZE_LIMIT),
                Math.toIntExact(values.get(MAX_SERVERS)),
                values.has(MAX_SERVERS_PER_CLIENT)
                        ? OptionalInt.of(Math.toIntExact(values.get(MAX_SERVERS_PER_CLIENT)))
                        : OptionalInt.empty(),
                values.get(SPOOL_BUDGET));
    }

    /** Connections that a network of clients may have while a client of another network waits. */
    public int connectionShare() {
        return connectionsPerClient.isPresent() ? connections : (connections + 1) / 2;
    }
}
