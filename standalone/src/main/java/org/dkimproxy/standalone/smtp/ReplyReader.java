package org.dkimproxy.standalone.smtp;

import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads replies (RFC 5321 section 4.2): three digits, the same on each line, then a hyphen on all lines but the last.
 * Anything else, and a reply beyond the bounds, is a {@link FramingException}.
 */
public final class ReplyReader {
    /** The longest line, CRLF included. RFC 5321 section 4.5.3.1.5 asks for 512; servers in use send more. */
    public static final int LINE_LIMIT = 2048;

    /** The most lines of one reply. */
    public static final int LINE_COUNT = 256;

    private static final int CODE_LENGTH = 3;

    private final WireLines lines;

    /** The input's capacity has to be at least {@link #LINE_LIMIT}. */
    public ReplyReader(WireInput input) {
        if (input.capacity() < LINE_LIMIT) {
            throw new IllegalArgumentException("the buffer is too small for a reply line");
        }
        this.lines = new WireLines(input);
    }

    /**
     * The next reply, complete.
     *
     * @throws EOFException if the stream ends first
     * @throws FramingException if what came is no reply
     */
    public Reply next() throws IOException {
        List<String> read = new ArrayList<>(1);
        while (true) {
            byte[] octets = lines.next((array, begin, end) -> LINE_LIMIT)
                    .orElseThrow(() -> new EOFException("connection closed where a reply was expected"));
            String line = new String(octets, 0, octets.length - 2, StandardCharsets.ISO_8859_1);
            int code = code(line);
            if (!read.isEmpty() && !line.startsWith(read.getFirst().substring(0, CODE_LENGTH))) {
                throw new FramingException("different codes in one reply");
            }
            read.add(line);
            if (line.length() == CODE_LENGTH || line.charAt(CODE_LENGTH) == ' ') {
                return new Reply(code, read);
            }
            if (read.size() == LINE_COUNT) {
                throw new FramingException("reply of more than " + LINE_COUNT + " lines");
            }
        }
    }

    private static int code(String line) throws FramingException {
        boolean wellFormed = line.length() >= CODE_LENGTH
                && line.charAt(0) >= '2'
                && line.charAt(0) <= '5'
                && isDigit(line.charAt(1))
                && isDigit(line.charAt(2))
                && (line.length() == CODE_LENGTH || line.charAt(CODE_LENGTH) == ' ' || line.charAt(CODE_LENGTH) == '-');
        if (!wellFormed) {
            throw new FramingException("line that is no SMTP reply");
        }
        return Integer.parseInt(line.substring(0, CODE_LENGTH));
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
