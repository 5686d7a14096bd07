package org.dkimproxy.standalone.options;

/**
 * How much the proxy takes on.
 *
 * @param messageSize octets of a message at most; 0 for what the relay announces, if it does
 * @param sessions clients served at once; more wait for their turn
 * @param sessionsPerClient clients of one address served at once; 0 for no limit of their own
 * @param spool octets that all messages under way may have together
 */
public record ProxyLimits(long messageSize, int sessions, int sessionsPerClient, long spool) {
    /** Sessions at once when {@code max_servers} is not given. */
    public static final int SESSIONS = 1000;

    /** Octets of all messages under way when {@code spool_budget} is not given. */
    public static final long SPOOL = 4L << 30;

    /** What holds when no option is given. */
    public static final ProxyLimits STANDARD = new ProxyLimits(0, SESSIONS, 0, SPOOL);

    private static final long LARGEST_MESSAGE = 1L << 40;
    private static final long LARGEST_SPOOL = 1L << 50;
    private static final long SMALLEST_SPOOL = 1L << 20;
    private static final int MOST_SESSIONS = 100_000;

    /** Reads them; problems are left in {@code values}. */
    static ProxyLimits read(OptionValues values) {
        return new ProxyLimits(
                values.number("message_size_limit", 0, LARGEST_MESSAGE, 0),
                (int) values.number("max_servers", 1, MOST_SESSIONS, SESSIONS),
                (int) values.number("max_servers_per_client", 0, MOST_SESSIONS, 0),
                values.number("spool_budget", SMALLEST_SPOOL, LARGEST_SPOOL, SPOOL));
    }

    /** What holds after a reload: {@code next}, but for what is looked at in a start only. */
    ProxyLimits reloadedAs(ProxyLimits next) {
        return new ProxyLimits(next.messageSize, sessions, next.sessionsPerClient, next.spool);
    }
}
