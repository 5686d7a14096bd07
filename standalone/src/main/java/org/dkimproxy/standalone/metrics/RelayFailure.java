package org.dkimproxy.standalone.metrics;

/** How a relay can fail. */
public enum RelayFailure {
    /** No connection to it could be made. */
    UNREACHABLE("unreachable"),
    /** It did not answer in time. */
    TIMEOUT("timeout"),
    /** It closed the connection, or the connection broke. */
    LOST("lost"),
    /** It said what it must not say, or said something unasked. */
    PROTOCOL("protocol"),
    /** It answered the end of data with 421. */
    CLOSING("closing");

    private final String kind;

    RelayFailure(String kind) {
        this.kind = kind;
    }

    /** The value of the label of this name. */
    String kind() {
        return kind;
    }
}
