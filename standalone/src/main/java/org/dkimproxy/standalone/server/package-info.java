/**
 * Accepts clients: {@link org.dkimproxy.standalone.server.Listener} serves each that {@code ClientGate} lets in. {@link
 * org.dkimproxy.standalone.server.LiveConfiguration} holds the configuration in use and replaces it on a reload.
 */
@org.jspecify.annotations.NullMarked
package org.dkimproxy.standalone.server;
