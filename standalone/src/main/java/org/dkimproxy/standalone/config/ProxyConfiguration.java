package org.dkimproxy.standalone.config;

import java.util.function.Supplier;
import org.dkimproxy.signing.SigningTransaction;

/**
 * What a session uses of the configuration. A message keeps the one with which it began.
 *
 * @param transactions begins the signing of one message
 */
public record ProxyConfiguration(ProxySettings settings, Supplier<SigningTransaction> transactions) {}
