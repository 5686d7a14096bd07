package org.dkimproxy.standalone.session;

import org.dkimproxy.standalone.smtp.CommandKind;

/**
 * Counts what a client does without getting a message accepted: junk commands and errors, as Postfix's
 * {@code smtpd_junk_command_limit} and {@code smtpd_hard_error_limit} do. An accepted message sets the counts back.
 *
 * <p>Under overload the limits are tight. Recipients that the relay rejects count only then, and not tightly: a mailing
 * may have many of them, and the relay has limits of its own.
 */
final class CommandLimits {
    private static final int JUNK = 100;
    private static final int JUNK_UNDER_OVERLOAD = 1;
    private static final int ERRORS = 20;
    private static final int ERRORS_UNDER_OVERLOAD = 1;
    private static final int REJECTED_RECIPIENTS_UNDER_OVERLOAD = 20;

    /** EHLO, and HELO after it was rejected or EHLO again after XCLIENT. */
    private static final int FREE_GREETINGS = 2;

    private static final int FIRST_ERROR = 400;

    private CommandKind last = CommandKind.PASSED;
    private int greetings;
    private int junk;
    private int errors;
    private int rejectedRecipients;

    /** Counts a command. */
    void command(CommandKind kind) {
        last = kind;
        boolean greets = kind == CommandKind.EHLO || kind == CommandKind.HELO;
        greetings += greets ? 1 : 0;
        if (kind == CommandKind.JUNK || (greets && greetings > FREE_GREETINGS)) {
            junk++;
        }
    }

    /** Counts a reply to the last command. */
    void reply(int code) {
        if (code >= FIRST_ERROR && last == CommandKind.RCPT) {
            rejectedRecipients++;
        } else if (code >= FIRST_ERROR) {
            errors++;
        }
    }

    /** Whether the session has to end. */
    boolean areReached(boolean overload) {
        int junkLimit = overload ? JUNK_UNDER_OVERLOAD : JUNK;
        int errorLimit = overload ? ERRORS_UNDER_OVERLOAD : ERRORS;
        return errors + Math.max(0, junk - junkLimit) >= errorLimit
                || (overload && rejectedRecipients >= REJECTED_RECIPIENTS_UNDER_OVERLOAD);
    }

    /** The relay has accepted a message. */
    void transactionFinished() {
        greetings = 0;
        junk = 0;
        errors = 0;
        rejectedRecipients = 0;
    }
}
