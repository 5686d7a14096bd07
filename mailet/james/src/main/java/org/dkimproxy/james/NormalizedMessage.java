package org.dkimproxy.james;

import java.util.List;

/**
 * A message as it will be on the wire.
 *
 * @param octets with CRLF line ends
 * @param hasRepairedLineEnds whether a CR or LF stood alone, or several CRs before an LF
 * @param hasNewMessageId whether the message came without a Message-ID
 * @param leftovers what should have been 7-bit data and could not be made so, in a few words each
 */
record NormalizedMessage(
        MessageOctets octets, boolean hasRepairedLineEnds, boolean hasNewMessageId, List<String> leftovers) {
    NormalizedMessage {
        leftovers = List.copyOf(leftovers);
    }
}
