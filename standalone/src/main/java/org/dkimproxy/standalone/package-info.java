/**
 * The standalone proxy: it listens, signs and relays, in the place of {@code dkimproxy.out}.
 *
 * <p>Begin at {@link org.dkimproxy.standalone.DkimproxyOut}, which starts the program, or at
 * {@code org.dkimproxy.standalone.proxy.Session}, which is what one client meets. Each package below holds one idea:
 * {@code options} what the administrator asked for, {@code smtp} the rules of the wire, {@code spool} a message in
 * waiting, {@code proxy} sockets and sessions, {@code tool} the command-line signer, {@code log} where lines go.
 */
@org.jspecify.annotations.NullMarked
package org.dkimproxy.standalone;
