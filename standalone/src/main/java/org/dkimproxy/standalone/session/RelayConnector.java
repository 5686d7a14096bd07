package org.dkimproxy.standalone.session;

/** Opens the relay connection of a session; each session has one of its own. */
@FunctionalInterface
interface RelayConnector {
    /**
     * Connects.
     *
     * @throws RelayException if the relay cannot be reached; no session has begun then
     */
    Relay connect() throws RelayException;
}
