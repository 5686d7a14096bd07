/**
 * Sockets and sessions: {@link org.dkimproxy.standalone.proxy.Listener} accepts, and runs one
 * {@code Session} for each client on a virtual thread of its own.
 */
@org.jspecify.annotations.NullMarked
package org.dkimproxy.standalone.proxy;
