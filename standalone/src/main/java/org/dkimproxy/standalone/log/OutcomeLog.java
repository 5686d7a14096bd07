package org.dkimproxy.standalone.log;

import org.dkimproxy.signing.MessageSummary;
import org.dkimproxy.signing.SigningOutcome;

/** The log lines about the outcome of a message, for which administrators search their logs. */
public final class OutcomeLog {
    private OutcomeLog() {}

    /**
     * Writes the outcome of one message: signed, or why not.
     *
     * @param refusesFailures whether a message that could not be signed is refused rather than passed unsigned
     */
    public static void write(DkimproxyLog log, SigningOutcome outcome, boolean refusesFailures) {
        switch (outcome) {
            case SigningOutcome.Signed signed ->
                log.log(LogLevel.INFO, () -> line("DKIM signing - signed", signed.message()));
            case SigningOutcome.Skipped skipped -> {
                log.log(LogLevel.INFO, () -> line("DKIM signing - skipped", skipped.message()));
                log.log(LogLevel.INFO, () -> line("unsigned: " + skipped.reason(), skipped.message()));
            }
            case SigningOutcome.Failed failed ->
                log.warning(line(
                        "signing error: " + failed.reason()
                                + (refusesFailures ? ", message refused" : ", message leaves unsigned"),
                        failed.message()));
        }
    }

    /** Writes that the line ends of a message were repaired, which a signature made before that does not survive. */
    public static void writeRepaired(DkimproxyLog log, MessageSummary message) {
        log.log(LogLevel.INFO, () -> line("line ends repaired: CR or LF that is not part of CRLF", message));
    }

    /** Writes that a message has lines that are longer than RFC 5322 section 2.1.1 allows. */
    public static void writeLongLines(DkimproxyLog log, long count, MessageSummary message) {
        log.log(LogLevel.INFO, () -> line("message has lines of more than 998 octets: " + count, message));
    }

    /** Writes that a message was refused for a reason other than its signature. */
    public static void writeRefused(DkimproxyLog log, String reply, MessageSummary message) {
        log.warning(line("message refused: " + reply, message));
    }

    /** Writes that there is no room for a message. */
    public static void writeNoSpace(DkimproxyLog log, String reason, MessageSummary message) {
        log.error(line("no space to spool a message: " + reason, message));
    }

    /**
     * Writes that a client was not told that its message was accepted.
     *
     * @param reason in a word; the line of the session has more
     */
    public static void writeNotAcknowledged(DkimproxyLog log, String reason, MessageSummary message) {
        log.log(LogLevel.INFO, () -> line("message not acknowledged: " + reason, message));
    }

    private static String line(String what, MessageSummary message) {
        String attributes = message.attributes();
        return attributes.isEmpty() ? what : what + "; " + attributes;
    }
}
