package org.dkimproxy.signing;

import java.util.List;

/** What became of one message: every message ends in exactly one of these. */
public sealed interface SigningOutcome {
    /** What is known of the message, for the log. */
    MessageSummary message();

    /**
     * The message is to leave with these fields on top, in this order.
     *
     * @param fields never empty
     */
    record Signed(List<SignatureField> fields, MessageSummary message) implements SigningOutcome {
        /** Takes a copy of the fields and checks that there is one. */
        public Signed {
            fields = List.copyOf(fields);
            if (fields.isEmpty()) {
                throw new IllegalArgumentException("a signed message has a signature field");
            }
        }

        /** All fields one after the other, each ending in CRLF: put this before the first octet of the message. */
        public byte[] header() {
            return SignatureField.join(fields);
        }
    }

    /**
     * No rule asks for a signature: the message is to leave as it came.
     *
     * @param cause the kind of reason, for counters
     * @param reason in a few words, without a full stop
     */
    record Skipped(Cause cause, String reason, MessageSummary message) implements SigningOutcome {}

    /**
     * A rule asks for a signature that could not be made; no field was made at all.
     *
     * @param kind whether a later try may succeed
     * @param reason in a few words, without a full stop; may be told to the client, so it names no file and no fault of the
     *     program
     */
    record Failed(Kind kind, String reason, MessageSummary message) implements SigningOutcome {}

    /** Why no rule asks for a signature. */
    enum Cause {
        /** No rule is for this message. */
        NO_RULE,
        /** The rule for this message says that it is to stay unsigned. */
        RULE_WITHOUT_SIGNATURE,
        /** The rules that are for this message need its originator, and that is not known. */
        UNKNOWN_ORIGINATOR,
        /** The author (From) is not of an own domain, and only mail of own authors is signed. */
        FOREIGN_AUTHOR,
        /** The rule asks for DomainKeys only, which are for the originator's own domain (RFC 4870 section 3.2.3). */
        FOREIGN_DOMAINKEYS
    }

    /** Whether a later try with the same message may succeed. */
    enum Kind {
        /** The cause lies with us and may pass: a key that cannot be read. */
        TEMPORARY,
        /** The cause lies in the message. */
        PERMANENT
    }
}
