package org.dkimproxy.standalone.smtp;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A reply as a pattern sees it (RFC 5321 section 4.2): the reference for fuzzing.
 *
 * @param text all its lines, each with CRLF; one char an octet
 */
public record ReferenceReply(String text) {
    private static final Pattern REPLY =
            Pattern.compile("([2-5][0-9]{2})(?:-[^\r\n\0]*+\r\n\\1)*+(?: [^\r\n\0]*+)?\r\n");

    /** The reply that begins at {@code begin}; empty if none does. */
    public static Optional<ReferenceReply> of(String wire, int begin) {
        Matcher matcher = REPLY.matcher(wire).region(begin, wire.length());
        return matcher.lookingAt() ? Optional.of(new ReferenceReply(matcher.group())) : Optional.empty();
    }

    /** Its code. */
    public int code() {
        return Integer.parseInt(text.substring(0, 3));
    }

    /** Whether it keeps within the bounds of {@link ReplyReader}. */
    boolean isWithinBounds() {
        String[] lines = text.split("\r\n", 0);
        for (String line : lines) {
            if (line.length() + 2 > ReplyReader.LINE_LIMIT) {
                return false;
            }
        }
        return lines.length <= ReplyReader.LINE_COUNT;
    }
}
