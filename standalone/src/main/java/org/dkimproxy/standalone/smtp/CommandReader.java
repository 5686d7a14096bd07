package org.dkimproxy.standalone.smtp;

import java.io.IOException;
import java.util.Optional;

/**
 * Reads command lines (RFC 5321 section 2.3.8): CRLF ends one, and a bare CR, a bare LF, a NUL or a line over its limit
 * is a {@link FramingException}.
 *
 * <p>A line may have 512 octets (RFC 5321 section 4.5.3.1.4) plus what the announced extensions allow; AUTH and the
 * lines that answer its challenges 12288 (RFC 4954 section 4).
 */
public final class CommandReader {
    /** The longest command line without any extension, CRLF included. */
    public static final int PLAIN_LIMIT = 512;

    /** The longest AUTH line, CRLF included. */
    public static final int AUTH_LIMIT = 12_288;

    private static final byte[] AUTH = {'A', 'U', 'T', 'H', ' '};
    private static final int LOWER_CASE_BIT = 0x20;

    private final WireLines lines;

    /** The input's capacity has to be at least {@link #AUTH_LIMIT}. */
    public CommandReader(WireInput input) {
        if (input.capacity() < AUTH_LIMIT) {
            throw new IllegalArgumentException("the buffer is too small for an AUTH line");
        }
        this.lines = new WireLines(input);
    }

    /**
     * The next command; empty when the client is gone. A beginning of a command without its CRLF is dropped then.
     *
     * @param limit the longest line in octets, CRLF included, unless it is an AUTH line
     */
    public Optional<Command> next(int limit) throws IOException {
        return lines.next((array, begin, end) -> isAuth(array, begin, end) ? AUTH_LIMIT : limit)
                .map(Command::new);
    }

    /** The next line of an authentication exchange with its CRLF; empty when the client is gone. */
    public Optional<byte[]> nextAuthLine() throws IOException {
        return lines.next((array, begin, end) -> AUTH_LIMIT);
    }

    private static boolean isAuth(byte[] array, int begin, int end) {
        if (end - begin < AUTH.length) {
            return false;
        }
        for (int i = 0; i < AUTH.length; i++) {
            if ((array[begin + i] | LOWER_CASE_BIT) != (AUTH[i] | LOWER_CASE_BIT)) {
                return false;
            }
        }
        return true;
    }
}
