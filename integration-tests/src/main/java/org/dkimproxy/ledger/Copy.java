package org.dkimproxy.ledger;

/** A message that the relay got whole. */
final class Copy {
    private final String id;
    private final boolean intact;
    private final boolean signed;
    private volatile boolean acknowledged;
    private volatile boolean followed;

    /**
     * A message that has just come.
     *
     * @param intact whether it is the letter that was sent, octet by octet, less the fields before it
     */
    Copy(String id, boolean intact, boolean signed) {
        this.id = id;
        this.intact = intact;
        this.signed = signed;
    }

    String id() {
        return id;
    }

    boolean isIntact() {
        return intact;
    }

    boolean isSigned() {
        return signed;
    }

    /** The whole of a 2xx reply to it has left the relay. */
    void acknowledge() {
        acknowledged = true;
    }

    boolean isAcknowledged() {
        return acknowledged;
    }

    /** Whoever sent it has gone on with the session, so the reply was heard. */
    void follow() {
        followed = true;
    }

    boolean isFollowed() {
        return followed;
    }
}
