package org.dkimproxy.standalone.proxy;

import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.dkimproxy.signing.SigningTransaction;
import org.dkimproxy.standalone.log.DkimproxyLog;
import org.dkimproxy.standalone.options.ProxySettings;

/**
 * What all sessions of a listener share.
 *
 * @param transactions begins a transaction with the signer of the moment; asked once for each message
 * @param stopping whether the proxy is stopping
 */
record SessionContext(
        ProxySettings settings,
        Timeouts timeouts,
        Supplier<SigningTransaction> transactions,
        DkimproxyLog log,
        Connections connections,
        BooleanSupplier stopping) {}
