/**
 * The signing engine as a mailet for Apache James: {@link org.dkimproxy.james.SignWithSenderMap}.
 *
 * <p>{@code SignWithSenderMap} reads its parameters through {@code MailetLoader}, makes a message what it will be on the
 * wire with {@code NormalizedMessage}, signs it, and replaces it.
 */
@org.jspecify.annotations.NullMarked
package org.dkimproxy.james;
