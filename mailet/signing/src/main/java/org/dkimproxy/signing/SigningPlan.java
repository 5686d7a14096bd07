package org.dkimproxy.signing;

import java.util.List;

/** What would become of a message; see {@link DkimSigner#plan}. */
public sealed interface SigningPlan {
    /**
     * It would be signed.
     *
     * @param signatures in their order; never empty, and all with a domain
     */
    record Sign(List<PlannedSignature> signatures) implements SigningPlan {
        /** Takes a copy. */
        public Sign {
            signatures = List.copyOf(signatures);
        }
    }

    /**
     * It would leave as it came, since no rule asks for a signature.
     *
     * @param cause what kind of reason it is
     * @param reason in a few words
     */
    record Leave(SigningOutcome.Cause cause, String reason) implements SigningPlan {}

    /**
     * A rule asks for a signature that could not be made.
     *
     * @param reason in a few words
     */
    record Fail(String reason) implements SigningPlan {}
}
