package org.dkimproxy.signing;

import java.util.Arrays;
import java.util.Optional;
import java.util.Set;

/**
 * Which fields are named once more in h= than they occur, so that adding one breaks the signature (RFC 6376 sections 5.4.2
 * and 8.15).
 */
public enum Oversigning {
    /** None. */
    OFF("off"),
    /** From, and those of {@link #FIELDS} that the message has. */
    PRESENT("on"),
    /** All of {@link #FIELDS}: a relay that adds a missing Date or Message-ID breaks the signature. */
    EXTENDED("extended");

    /** The fields that a reader is shown or that change how a body is read, in lower case. */
    public static final Set<String> FIELDS =
            Set.of("from", "to", "cc", "subject", "date", "reply-to", "message-id", "content-type", "mime-version");

    private final String word;

    Oversigning(String word) {
        this.word = word;
    }

    /** The value of the option {@code oversign} that asks for it. */
    public String word() {
        return word;
    }

    /** Whether a field that is to be signed and occurs {@code instances} times is named once more. */
    boolean namesOnceMore(String fieldName, int instances) {
        return switch (this) {
            case OFF -> false;
            case PRESENT -> instances > 0 && FIELDS.contains(fieldName);
            case EXTENDED -> FIELDS.contains(fieldName);
        };
    }

    static Optional<Oversigning> ofWord(String word) {
        return Arrays.stream(values())
                .filter(value -> value.word.equalsIgnoreCase(word))
                .findFirst();
    }
}
