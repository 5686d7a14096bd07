/**
 * One SMTP session, from the relay's greeting to its end.
 *
 * <p>{@link org.dkimproxy.standalone.session.Sessions} begins and ends all of them. A {@code Session} is a walk through
 * {@code SessionState}s, a {@code Transaction} one message in it; {@code Client} and {@code Relay} are its two peers, each
 * over a {@code Connection}.
 */
@org.jspecify.annotations.NullMarked
package org.dkimproxy.standalone.session;
