package org.dkimproxy.standalone.proxy;

import java.util.function.Supplier;
import org.dkimproxy.signing.SigningTransaction;
import org.dkimproxy.standalone.options.ProxySettings;

/**
 * What holds at a moment: it is swapped as a whole by a reload, and a message keeps what it began with.
 *
 * @param transactions begins the signing of one message
 */
public record Service(ProxySettings settings, Supplier<SigningTransaction> transactions) {}
