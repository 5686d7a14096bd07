package org.dkimproxy.james;

import java.util.List;

/** A message as it will be on the wire. */
final class SettledMessage {
    private final byte[] octets;
    private final boolean hasNewMessageId;
    private final List<String> leftovers;

    SettledMessage(byte[] octets, boolean hasNewMessageId, List<String> leftovers) {
        this.octets = octets;
        this.hasNewMessageId = hasNewMessageId;
        this.leftovers = List.copyOf(leftovers);
    }

    /** With CRLF line ends; not to be changed. */
    byte[] octets() {
        return octets;
    }

    /** Whether the message came without a Message-ID. */
    boolean hasNewMessageId() {
        return hasNewMessageId;
    }

    /** What should have been 7-bit data and could not be made so, in a few words each. */
    List<String> leftovers() {
        return leftovers;
    }
}
