package org.dkimproxy.james;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import org.dkimproxy.signing.DkimSigner;
import org.dkimproxy.signing.key.Digest;

/**
 * What a mail is treated by. Swapped as a whole at a reload.
 *
 * @param rejectErrors whether a mail that cannot be signed is thrown out rather than passed unsigned
 * @param sevenBit which messages are converted before signing (RFC 6376 section 5.3)
 */
record MailetSettings(DkimSigner signer, boolean rejectErrors, SevenBitRule sevenBit) {
    /** A metric is a double, which holds 53 bits. */
    static final int FINGERPRINT_BITS = 48;

    /** {@link DkimSigner#fingerprint} and that of the other settings, in as many bits as a metric holds. */
    long fingerprint() {
        boolean converts = sevenBit.equals(SevenBitRule.ALWAYS);
        boolean convertsNot = sevenBit.equals(SevenBitRule.NEVER);
        String all = signer.fingerprint() + rejectErrors + converts + convertsNot;
        byte[] digest = Digest.SHA_256.begin().digest(all.getBytes(US_ASCII));
        return ByteBuffer.wrap(digest).getLong() >>> (Long.SIZE - FINGERPRINT_BITS);
    }
}
