package org.dkimproxy.standalone.proxy;

import java.time.Duration;
import java.util.function.Supplier;
import org.dkimproxy.standalone.access.ClientNetwork;
import org.dkimproxy.standalone.log.DkimproxyLog;
import org.dkimproxy.standalone.log.LogSession;
import org.dkimproxy.standalone.metrics.Metrics;
import org.dkimproxy.standalone.options.ProxySettings;
import org.dkimproxy.standalone.spool.SpoolBudget;

/**
 * What all sessions of a listener share.
 *
 * @param service what holds at the moment; asked once for each message
 * @param relays connects to where the mail goes
 * @param connections how many clients are connected and wait
 * @param spoolBudget the room that all messages in flight share
 * @param overload whether slow clients have to make room
 * @param state whether the proxy is stopping
 * @param ids names sessions in the log
 */
record SessionContext(
        Supplier<Service> service,
        RelayConnector relays,
        Timeouts timeouts,
        DkimproxyLog log,
        Metrics metrics,
        ConnectionLimit connections,
        SpoolBudget spoolBudget,
        Overload overload,
        ServerState state,
        LogSession.Ids ids) {
    /** The settings of the moment. */
    ProxySettings settings() {
        return service.get().settings();
    }

    /** How long a client may take to read one block of output; shorter under overload. */
    Duration clientWriteTimeout() {
        return overload.affectsCommands() ? timeouts.clientWhenFull() : timeouts.block();
    }

    /** Whether a client of another network waits for a connection and this one has more than its share. */
    boolean exceedsShare(ClientNetwork client) {
        return connections.exceedsShare(client, settings().limits().connectionShare());
    }
}
