package org.dkimproxy.standalone.log;

import org.dkimproxy.signing.MessageSummary;
import org.dkimproxy.signing.SigningOutcome;

/** The lines that say what became of a message; administrators search their logs for them. */
public final class OutcomeLog {
    private OutcomeLog() {}

    /**
     * Writes what became of one message: that it was signed, or that it was not and why.
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

    private static String line(String what, MessageSummary message) {
        String attributes = message.attributes();
        return attributes.isEmpty() ? what : what + "; " + attributes;
    }
}
