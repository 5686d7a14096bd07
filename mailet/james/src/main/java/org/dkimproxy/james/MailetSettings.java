package org.dkimproxy.james;

import org.dkimproxy.signing.DkimSigner;

/**
 * What a mail is treated by. Swapped as a whole at a reload.
 *
 * @param rejectErrors whether a mail that cannot be signed is thrown out rather than passed unsigned
 * @param sevenBit which messages are converted before signing (RFC 6376 section 5.3)
 */
record MailetSettings(DkimSigner signer, boolean rejectErrors, SevenBitRule sevenBit) {}
