package org.dkimproxy.james;

import java.util.List;
import org.dkimproxy.signing.message.HeaderField;

/** Whether a message is made 7-bit data before it is signed: option {@code convert_to_7bit}. */
sealed interface SevenBitRule permits SevenBitRule.Fixed, SparingForeignSignatures {
    /** A rule that treats all messages alike. */
    enum Fixed implements SevenBitRule {
        ALWAYS,
        NEVER;

        @Override
        public boolean converts(List<HeaderField> signatures) {
            return this == ALWAYS;
        }

        @Override
        public String word() {
            return name();
        }
    }

    /**
     * Decides for one message.
     *
     * @param signatures its DKIM-Signature fields
     */
    boolean converts(List<HeaderField> signatures);

    /** A word for the rule, which is equal for equal rules. */
    String word();
}
