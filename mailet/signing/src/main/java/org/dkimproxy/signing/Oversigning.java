package org.dkimproxy.signing;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.dkimproxy.sendermap.text.Flag;

/**
 * Which fields are named once more in h= than they occur, so that adding one breaks the signature (RFC 6376 sections 5.4.2
 * and 8.15).
 */
public enum Oversigning {
    /** None. */
    OFF,
    /** From, and those of {@link #FIELDS} that the message has. */
    PRESENT,
    /** All of {@link #FIELDS}: a relay that adds a missing Date, Message-ID or Sender breaks the signature. */
    EXTENDED;

    /** The fields that may occur once (RFC 5322 section 3.6, RFC 2045) and that DKIM signs, in lower case. */
    public static final SortedSet<String> FIELDS = Collections.unmodifiableSortedSet(new TreeSet<>(List.of(
            "from",
            "sender",
            "reply-to",
            "to",
            "cc",
            "subject",
            "date",
            "message-id",
            "in-reply-to",
            "references",
            "mime-version",
            "content-type",
            "content-transfer-encoding",
            "content-id",
            "content-description")));

    /** Whether a field that is to be signed and occurs {@code instances} times is named once more. */
    boolean namesOnceMore(String fieldName, int instances) {
        return switch (this) {
            case OFF -> false;
            case PRESENT -> instances > 0 && FIELDS.contains(fieldName);
            case EXTENDED -> FIELDS.contains(fieldName);
        };
    }

    /** What a value of the option {@code oversign} asks for: {@code extended}, or a word of {@link Flag}, without regard to case. */
    public static Optional<Oversigning> ofWord(String word) {
        return word.equalsIgnoreCase("extended")
                ? Optional.of(EXTENDED)
                : Flag.ofWord(word).map(flag -> flag == Flag.ON ? PRESENT : OFF);
    }
}
