package org.dkimproxy.standalone.metrics;

import java.util.List;
import org.dkimproxy.signing.SignatureField;

/**
 * Is told what happens, so that it can be counted. Any thread may call; no method waits or throws. They do nothing unless
 * they are overridden.
 */
public interface Metrics {
    /** Counts nothing. */
    Metrics NONE = new Metrics() {};

    /** A client that may connect is served from now on. */
    default void sessionBegan() {}

    /** A client is served no more; follows each {@link #sessionBegan}. */
    default void sessionEnded() {}

    /** A client was disconnected rather than served. */
    default void clientTurnedAway(TurnedAway reason) {}

    /**
     * It is settled what becomes of a message. Called once for each message that the relay was ready to take.
     *
     * @param octets of the message that came, without dot-stuffing and end of data
     */
    default void messageEnded(Disposition end, long octets) {}

    /**
     * Signature fields were made for one message.
     *
     * @param nanos from its end of data until they were there
     */
    default void signed(List<SignatureField> fields, long nanos) {}

    /**
     * The relay has answered the end of data of a message.
     *
     * @param code of the reply: 2xx, 4xx or 5xx
     * @param octets of the message as it was relayed, without dot-stuffing and end of data
     */
    default void relayAnswered(int code, long octets) {}

    /** The relay failed, which ended a session. */
    default void relayFailed(RelayFailure kind) {}

    /** The configuration was read again, and is in use if that was a success. */
    default void reloaded(boolean success) {}
}
