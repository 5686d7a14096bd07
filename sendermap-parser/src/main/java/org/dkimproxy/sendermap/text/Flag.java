package org.dkimproxy.sendermap.text;

import java.util.Optional;

/** The value of an option that is either on or off. */
public enum Flag {
    /** {@code 1}, {@code yes}, {@code on}, {@code true}, or nothing at all. */
    ON,
    /** {@code 0}, {@code no}, {@code off} or {@code false}. */
    OFF;

    /** What a word says, in upper or lower case; empty if it says neither. */
    public static Optional<Flag> ofWord(String word) {
        return switch (Ascii.lower(word)) {
            case "", "1", "yes", "on", "true" -> Optional.of(ON);
            case "0", "no", "off", "false" -> Optional.of(OFF);
            default -> Optional.empty();
        };
    }
}
