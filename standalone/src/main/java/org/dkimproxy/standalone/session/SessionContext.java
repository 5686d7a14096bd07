package org.dkimproxy.standalone.session;

import java.time.Duration;
import java.util.function.Supplier;
import org.dkimproxy.standalone.access.ClientNetwork;
import org.dkimproxy.standalone.access.ConnectionLimit;
import org.dkimproxy.standalone.config.ProxyConfiguration;
import org.dkimproxy.standalone.config.ProxySettings;
import org.dkimproxy.standalone.log.DkimproxyLog;
import org.dkimproxy.standalone.metrics.Metrics;
import org.dkimproxy.standalone.spool.SpoolBudget;

/**
 * What all sessions of a listener share.
 *
 * @param configuration the one in use; asked once for each message
 * @param relays connects to where the mail goes
 * @param clients how many clients are connected and wait
 * @param spoolBudget the room that all messages in flight share
 * @param overload whether slow clients have to make room
 * @param state whether the proxy is stopping
 * @param watchdog keeps the time limits of their connections
 */
record SessionContext(
        Supplier<ProxyConfiguration> configuration,
        RelayConnector relays,
        Timeouts timeouts,
        DkimproxyLog log,
        Metrics metrics,
        ConnectionLimit clients,
        SpoolBudget spoolBudget,
        Overload overload,
        ServerState state,
        Watchdog watchdog) {
    /** The settings of the moment. */
    ProxySettings settings() {
        return configuration.get().settings();
    }

    /** How long a client may take to read one block of output; shorter under overload. */
    Duration clientWriteTimeout() {
        return overload.affectsCommands() ? timeouts.clientWhenFull() : timeouts.block();
    }

    /** Whether a client of another network waits for a connection and this one has more than its share. */
    boolean exceedsShare(ClientNetwork client) {
        return clients.exceedsShare(client, settings().limits().connectionShare());
    }
}
