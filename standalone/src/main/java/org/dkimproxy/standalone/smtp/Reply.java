package org.dkimproxy.standalone.smtp;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A complete SMTP reply (RFC 5321 section 4.2).
 *
 * @param code from 200 to 599
 * @param lines at least one; each with its code and separator, without CRLF, one char an octet (ISO 8859-1)
 */
public record Reply(int code, List<String> lines) {
    /** The service is going away: after it both sides close (RFC 5321 section 3.8). */
    public static final int CLOSING = 421;

    private static final int PREFIX = 4;

    /** Checks the code and that there is a line. */
    public Reply {
        if (code < 200 || code > 599 || lines.isEmpty()) {
            throw new IllegalArgumentException("no reply: " + code + " with " + lines.size() + " lines");
        }
        lines = List.copyOf(lines);
    }

    /** A reply of one line. */
    public static Reply of(int code, String text) {
        return new Reply(code, List.of(code + " " + text));
    }

    /** A reply of these texts, one a line. */
    public static Reply of(int code, List<String> texts) {
        int last = texts.size() - 1;
        return new Reply(
                code,
                IntStream.rangeClosed(0, last)
                        .mapToObj(i -> code + (i == last ? " " : "-") + texts.get(i))
                        .toList());
    }

    /** The lines without code and separator. */
    public List<String> texts() {
        return lines.stream()
                .map(line -> line.substring(Math.min(PREFIX, line.length())))
                .toList();
    }

    /** Whether the reply announces that the sender closes the connection. */
    public boolean isClosing() {
        return code == CLOSING;
    }

    /** Whether the command was done. */
    public boolean isPositive() {
        return code < 300;
    }

    /** Whether more input is asked for: 334 and 354. */
    public boolean isIntermediate() {
        return code >= 300 && code < 400;
    }

    /** The reply as it goes on the wire. */
    public byte[] toBytes() {
        String text = lines.size() == 1 ? lines.getFirst() : String.join("\r\n", lines);
        return (text + "\r\n").getBytes(StandardCharsets.ISO_8859_1);
    }
}
