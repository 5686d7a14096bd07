package org.dkimproxy.signing;

import java.util.Optional;

/**
 * One message on its way through the signer, fed in chunks of any size: the same octets give the same outcome however they
 * are cut.
 *
 * <p>The octets are the message as it will be transmitted: CRLF line ends, not dot-stuffed (RFC 6376 section 5.3). A message
 * without an empty line is all header. Memory is bounded by the header; the body is digested as it passes. Not thread-safe.
 */
public interface SigningTransaction {
    /**
     * Takes the next octets of the message; never throws on their content.
     *
     * @param buffer may be reused after the call
     * @throws IllegalStateException after {@link #finish}
     */
    void update(byte[] buffer, int offset, int length);

    /** What the header says, once it has ended; before that, {@link MessageSummary#UNKNOWN}. */
    MessageSummary summary();

    /** How many octets of memory the message takes at the moment: those of its header until that has ended. */
    int heldOctets();

    /**
     * Decides by a whole header what becomes of a message, and prepares no signature: a caller that needs no more than the
     * decision may drop the transaction.
     *
     * <p>The octets are those of the header, with the empty line after it.
     *
     * @return the outcome, if the header settles it alone; empty if the message is to be signed
     * @throws IllegalStateException if the message has begun before
     */
    Optional<SigningOutcome> decide(byte[] buffer, int offset, int length);

    /** The outcome, if the header alone determines it: then the body need not be fed. {@link #finish} returns it, too. */
    Optional<SigningOutcome> decided();

    /**
     * Ends the message and makes its signatures.
     *
     * @throws IllegalStateException if called a second time
     */
    SigningOutcome finish();
}
