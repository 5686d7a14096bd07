package org.dkimproxy.ledger;

/**
 * What befalls a connection, and where.
 *
 * @param direction which octets are counted
 * @param octet it happens when so many have passed
 * @param how what happens
 */
record Cut(Direction direction, long octet, How how) {
    /** As the side sees it that makes the cut. */
    enum Direction {
        SENT,
        RECEIVED
    }

    /** What happens. */
    enum How {
        /** The connection is closed, with a FIN if nothing is left unread. */
        CLOSE,
        /** The connection is closed with an RST. */
        RESET,
        /** No more octets are sent, and the peer is told so; what it says is still read. */
        HALF_CLOSE,
        /** No more octets are sent, and the peer is not told; what it says is still read. */
        STALL
    }
}
