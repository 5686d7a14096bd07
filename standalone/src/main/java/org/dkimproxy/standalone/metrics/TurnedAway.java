package org.dkimproxy.standalone.metrics;

/** Why a client is not served. */
public enum TurnedAway {
    /** It may not connect. */
    ACCESS("access"),
    /** As many clients of its address are served as {@code max_servers_per_client} allows. */
    MAX_SERVERS_PER_CLIENT("max_servers_per_client"),
    /** As many clients are served as {@code max_servers} allows, and none left in time. */
    MAX_SERVERS("max_servers");

    private final String reason;

    TurnedAway(String reason) {
        this.reason = reason;
    }

    /** The value of the label of this name. */
    String reason() {
        return reason;
    }
}
