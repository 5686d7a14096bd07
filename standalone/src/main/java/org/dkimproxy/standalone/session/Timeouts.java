package org.dkimproxy.standalone.session;

import java.time.Duration;

/**
 * How long each side may take (RFC 5321 section 4.5.3.2).
 *
 * @param connect to connect to the relay
 * @param greeting for the relay's greeting
 * @param command for the relay's reply to a command
 * @param data for the relay's reply to DATA
 * @param block for the other side to take one block of output
 * @param finalDot for the relay's reply to the end of data
 * @param client for the client's next command, or its next octets within a message
 * @param clientWhenFull the same under overload, for all commands until a message is accepted; and for the client to take
 *     one block of output
 * @param admission for a client to wait for a connection, and for a message to wait for room in the spool
 * @param farewell for the client to read a last reply after which the proxy closes
 * @param poll how often these limits are looked at, and with them the relay of an idle session and whether the proxy stops
 * @param leastRate octets a second that a client has to send on average within a message, after a first {@code client}
 *     time; four times as many under overload
 */
public record Timeouts(
        Duration connect,
        Duration greeting,
        Duration command,
        Duration data,
        Duration block,
        Duration finalDot,
        Duration client,
        Duration clientWhenFull,
        Duration admission,
        Duration farewell,
        Duration poll,
        int leastRate) {
    /** The times of RFC 5321 section 4.5.3.2, with a shorter one for connecting. */
    public static final Timeouts STANDARD = new Timeouts(
            Duration.ofSeconds(30),
            Duration.ofMinutes(5),
            Duration.ofMinutes(5),
            Duration.ofMinutes(2),
            Duration.ofMinutes(3),
            Duration.ofMinutes(10),
            Duration.ofMinutes(5),
            Duration.ofSeconds(10),
            Duration.ofSeconds(30),
            Duration.ofSeconds(2),
            Duration.ofMillis(500),
            128);

    /** After this time without a greeting the connections of the relay count as exhausted. */
    Duration lateGreeting() {
        return clientWhenFull.dividedBy(2);
    }
}
