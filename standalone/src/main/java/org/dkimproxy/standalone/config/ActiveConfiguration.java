package org.dkimproxy.standalone.config;

import java.util.function.Supplier;
import org.dkimproxy.signing.SigningTransaction;

/**
 * The configuration in use. A reload replaces it as a whole; a message keeps the one with which it began.
 *
 * @param transactions begins the signing of one message
 */
public record ActiveConfiguration(ProxySettings settings, Supplier<SigningTransaction> transactions) {}
