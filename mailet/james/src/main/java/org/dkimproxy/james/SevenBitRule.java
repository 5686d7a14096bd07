package org.dkimproxy.james;

import java.util.List;
import org.dkimproxy.signing.message.HeaderField;

/** Whether a message is made 7-bit data before it is signed: option {@code convert_to_7bit}. */
@FunctionalInterface
interface SevenBitRule {
    SevenBitRule ALWAYS = signatures -> true;
    SevenBitRule NEVER = signatures -> false;

    /**
     * Decides for one message.
     *
     * @param signatures its DKIM-Signature fields
     */
    boolean converts(List<HeaderField> signatures);
}
