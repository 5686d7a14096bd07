/** Accepts clients: {@link org.dkimproxy.standalone.server.Listener} serves each that {@code ClientGate} admits. */
@org.jspecify.annotations.NullMarked
package org.dkimproxy.standalone.server;
