package org.dkimproxy.ledger;

import java.time.Duration;

/** What the relay of the ledger does when it is to reply. */
sealed interface Answer {
    /** Accepts. */
    Answer ACCEPT = new Accept();

    /** Closes the connection in place of a reply. */
    Answer CLOSE = new Close(false);

    /** Closes it with an RST. */
    Answer RESET = new Close(true);

    /** The usual reply of a relay that takes everything. */
    record Accept() implements Answer {}

    /**
     * These octets in place of a reply; they are no 2xx for a message.
     *
     * @param last whether the connection ends after them
     */
    record Octets(String text, boolean last) implements Answer {}

    /** Nothing for a time, and then the end of the connection. */
    record Silence(Duration time) implements Answer {}

    /** The end of the connection. */
    record Close(boolean reset) implements Answer {}
}
