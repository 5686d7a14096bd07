package org.dkimproxy.signing.message;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** What stands between angle brackets in the fields that identify a message or its list. */
public final class IdentificationFields {
    private IdentificationFields() {}

    /** The id of the last Message-ID field, without its brackets; nothing if it is not in brackets. */
    public static Optional<String> messageId(HeaderFields fields) {
        List<HeaderField> named = fields.named("message-id");
        return named.isEmpty() ? Optional.empty() : firstBracketed(named.getLast());
    }

    /** The id of the first List-Id field (RFC 2919 section 2): the text in its first {@code <...>}. */
    public static Optional<String> listId(HeaderFields fields) {
        List<HeaderField> named = fields.named("list-id");
        return named.isEmpty() ? Optional.empty() : firstBracketed(named.getFirst());
    }

    private static Optional<String> firstBracketed(HeaderField field) {
        byte[] block = field.block();
        int open = indexOf(block, '<', field.valueBegin(), field.end());
        int close = open < 0 ? -1 : indexOf(block, '>', open, field.end());
        return close < 0
                ? Optional.empty()
                : Optional.of(new String(block, open + 1, close - open - 1, StandardCharsets.UTF_8).strip());
    }

    private static int indexOf(byte[] block, char wanted, int from, int to) {
        for (int i = from; i < to; i++) {
            if (block[i] == wanted) {
                return i;
            }
        }
        return -1;
    }
}
