package org.dkimproxy.standalone.metrics;

import org.dkimproxy.signing.SigningOutcome;

/**
 * What became of a message that the relay was ready to take; each message comes to one end. Those of the first group were
 * handed to the relay, which replied, with any code.
 */
public enum Disposition {
    /** It left with signatures. */
    SIGNED("signed", ""),
    /** It left as it came: no rule is for it. */
    SKIPPED_NO_RULE("skipped", "no_rule"),
    /** It left as it came: the rules need its originator, and that cannot be read. */
    SKIPPED_UNKNOWN_ORIGINATOR("skipped", "unknown_originator"),
    /** It left as it came: its rule says so. */
    SKIPPED_BY_RULE("skipped", "rule_without_signature"),
    /** It left as it came: DomainKeys alone was asked for, and is for the originator's own domain. */
    SKIPPED_FOREIGN_DOMAINKEYS("skipped", "foreign_domainkeys"),
    /** It left unsigned, though it ought to be signed; a later try may succeed. */
    FAILED_PASSED_TEMPORARY("failed_passed", "temporary"),
    /** It left unsigned, though it ought to be signed; the cause lies in the message. */
    FAILED_PASSED_PERMANENT("failed_passed", "permanent"),

    /** It could not be signed and was refused; a later try may succeed. */
    FAILED_REFUSED_TEMPORARY("failed_refused", "temporary"),
    /** It could not be signed and was refused; the cause lies in the message. */
    FAILED_REFUSED_PERMANENT("failed_refused", "permanent"),
    /** It was larger than allowed. */
    REFUSED_TOO_LARGE("refused", "too_large"),
    /** There was no space to spool it. */
    REFUSED_NO_SPACE("refused", "no_space"),
    /** It held a NUL. */
    REFUSED_NUL("refused", "nul"),
    /** It held a CR or LF that stood alone, and such are rejected. */
    REFUSED_BARE_NEWLINE("refused", "bare_newline"),
    /** The client was gone before the end of data. */
    LOST_CLIENT_GONE("lost", "client_gone"),
    /** The client was silent or slow for too long. */
    LOST_CLIENT_TIMEOUT("lost", "client_timeout"),
    /** The proxy stopped before the end of data. */
    LOST_STOPPING("lost", "stopping"),
    /** The relay failed before it had answered the end of data; whether it has the message is not known. */
    LOST_RELAY("lost", "relay"),
    /** What was spooled could not be read back. */
    LOST_SPOOL("lost", "spool"),
    /** This program is at fault. */
    LOST_FAULT("lost", "fault");

    private final String outcome;
    private final String reason;

    Disposition(String outcome, String reason) {
        this.outcome = outcome;
        this.reason = reason;
    }

    /** The end of a message that was signed, or was not, with this outcome. */
    public static Disposition of(SigningOutcome outcome, boolean refused) {
        return switch (outcome) {
            case SigningOutcome.Signed _ -> SIGNED;
            case SigningOutcome.Skipped skipped ->
                switch (skipped.cause()) {
                    // the proxy signs for all authors, so its metrics do not tell them apart
                    case NO_RULE, FOREIGN_AUTHOR -> SKIPPED_NO_RULE;
                    case UNKNOWN_ORIGINATOR -> SKIPPED_UNKNOWN_ORIGINATOR;
                    case RULE_WITHOUT_SIGNATURE -> SKIPPED_BY_RULE;
                    case FOREIGN_DOMAINKEYS -> SKIPPED_FOREIGN_DOMAINKEYS;
                };
            case SigningOutcome.Failed failed ->
                switch (failed.kind()) {
                    case TEMPORARY -> refused ? FAILED_REFUSED_TEMPORARY : FAILED_PASSED_TEMPORARY;
                    case PERMANENT -> refused ? FAILED_REFUSED_PERMANENT : FAILED_PASSED_PERMANENT;
                };
        };
    }

    /** The value of the label of this name. */
    String outcome() {
        return outcome;
    }

    /** The value of the label of this name; empty if the outcome says all. */
    public String reason() {
        return reason;
    }
}
