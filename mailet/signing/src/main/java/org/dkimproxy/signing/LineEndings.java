package org.dkimproxy.signing;

import java.nio.charset.StandardCharsets;

/**
 * Makes every line of a message end in CRLF, in chunks of any size (RFC 6376 section 5.3): a CR without LF and an LF without
 * CR each become CRLF. What is right passes in place, without a copy. Not thread-safe.
 */
public final class LineEndings {
    private static final byte[] CRLF = "\r\n".getBytes(StandardCharsets.US_ASCII);

    private boolean afterCr;
    private boolean lineOpen;

    /**
     * Where octets go.
     *
     * @param <X> what may go wrong there
     */
    @FunctionalInterface
    public interface Sink<X extends Exception> {
        /** Takes octets; the array may be reused by the caller after the call. */
        void write(byte[] buffer, int offset, int length) throws X;
    }

    /** Passes the next octets on. A CR at the end of the chunk waits for what follows it. */
    public <X extends Exception> void update(byte[] buffer, int offset, int length, Sink<X> sink) throws X {
        int end = offset + length;
        int runBegin = offset;
        for (int at = offset; at < end; at++) {
            byte octet = buffer[at];
            if (afterCr) {
                afterCr = false;
                sink.write(CRLF, 0, CRLF.length);
                lineOpen = false;
                runBegin = octet == '\n' ? at + 1 : at;
                if (octet == '\n') {
                    continue;
                }
            }
            if (octet == '\r') {
                boolean paired = at + 1 < end && buffer[at + 1] == '\n';
                if (paired) {
                    at++;
                    lineOpen = false;
                } else {
                    pass(buffer, runBegin, at, sink);
                    runBegin = at + 1;
                    afterCr = true;
                }
            } else if (octet == '\n') {
                pass(buffer, runBegin, at, sink);
                sink.write(CRLF, 0, CRLF.length);
                runBegin = at + 1;
                lineOpen = false;
            } else {
                lineOpen = true;
            }
        }
        pass(buffer, runBegin, end, sink);
    }

    /** Ends the message: a CR that waited becomes CRLF, and a last line without an end gets one. */
    public <X extends Exception> void finish(Sink<X> sink) throws X {
        if (afterCr || lineOpen) {
            sink.write(CRLF, 0, CRLF.length);
        }
        afterCr = false;
        lineOpen = false;
    }

    private static <X extends Exception> void pass(byte[] buffer, int from, int to, Sink<X> sink) throws X {
        if (to > from) {
            sink.write(buffer, from, to - from);
        }
    }
}
