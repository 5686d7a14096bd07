package org.dkimproxy.standalone.proxy;

import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.dkimproxy.standalone.log.DkimproxyLog;
import org.dkimproxy.standalone.metrics.Metrics;
import org.dkimproxy.standalone.options.ProxySettings;
import org.dkimproxy.standalone.spool.SpoolBudget;

/**
 * What all sessions of a listener share.
 *
 * @param service what holds at the moment; asked once for each message
 * @param relays connects to where the mail goes
 * @param metrics is told what happens
 * @param spoolBudget what all messages under way may take
 * @param full whether all places are taken and a client waits for one
 * @param stopping whether the proxy is stopping
 * @param cutting whether it waits no longer for the rest of messages that are coming in
 */
record SessionContext(
        Supplier<Service> service,
        RelayConnector relays,
        Timeouts timeouts,
        DkimproxyLog log,
        Metrics metrics,
        SpoolBudget spoolBudget,
        BooleanSupplier full,
        BooleanSupplier stopping,
        BooleanSupplier cutting) {
    /** The settings of the moment. */
    ProxySettings settings() {
        return service.get().settings();
    }
}
