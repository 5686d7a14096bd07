package org.dkimproxy.interop;

/**
 * What a verifier says of one signature.
 *
 * @param result the verdict
 * @param detail the verifier's own words, in one line
 */
public record Verdict(Result result, String detail) {
    /** The verdicts. */
    public enum Result {
        /** The signature holds. */
        PASS,
        /** The verifier refuses the signature. */
        FAIL,
        /** The verifier gave up: it cannot read the message, or does not know this kind of signature. */
        CANNOT
    }

    /** No word of the signature was heard. */
    public static final Verdict SILENCE = new Verdict(Result.CANNOT, "says nothing of this signature");

    public boolean passes() {
        return result == Result.PASS;
    }
}
