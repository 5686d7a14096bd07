package org.dkimproxy.standalone.smtp;

import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;

/** Lines that end in CRLF and in nothing else (RFC 5321 section 2.3.8); the two readers stand on it. */
final class WireLines {
    private final WireInput input;

    WireLines(WireInput input) {
        this.input = input;
    }

    /** How long a line may be, CRLF included, judged by the beginning of it that has been read. */
    @FunctionalInterface
    interface Limit {
        int of(byte[] array, int begin, int end);
    }

    /**
     * The next line with its CRLF; empty at the end of the stream, even after part of a line.
     *
     * @throws FramingException at a bare CR, a bare LF, a NUL, or a line over the limit
     */
    Optional<byte[]> next(Limit limit) throws IOException {
        int scanned = 0;
        while (true) {
            byte[] array = input.array();
            int begin = input.position();
            int end = input.limit();
            for (int i = begin + scanned; i < end; i++) {
                switch (array[i]) {
                    case 0 -> throw new FramingException("NUL in a line");
                    case '\n' -> {
                        if (i == begin || array[i - 1] != '\r') {
                            throw new FramingException("line ended by a bare LF");
                        }
                        if (i + 1 - begin > limit.of(array, begin, end)) {
                            throw new FramingException("line too long");
                        }
                        byte[] line = Arrays.copyOfRange(array, begin, i + 1);
                        input.skip(line.length);
                        return Optional.of(line);
                    }
                    default -> {
                        if (i > begin && array[i - 1] == '\r') {
                            throw new FramingException("bare CR in a line");
                        }
                    }
                }
            }
            scanned = end - begin;
            if (scanned >= limit.of(array, begin, end)) {
                throw new FramingException("line too long");
            }
            if (!input.fill()) {
                return Optional.empty();
            }
        }
    }
}
