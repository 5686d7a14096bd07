/**
 * The signing engine: a raw message goes in, DKIM and DomainKeys signature fields come out.
 *
 * <p>Begin at {@link org.dkimproxy.signing.DkimSigner}. The engine knows neither James nor sockets; a message is bytes
 * with CRLF line ends, fed in chunks of any size.
 */
@org.jspecify.annotations.NullMarked
package org.dkimproxy.signing;
