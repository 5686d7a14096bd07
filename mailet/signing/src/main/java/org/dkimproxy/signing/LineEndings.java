package org.dkimproxy.signing;

import java.nio.charset.StandardCharsets;
import org.dkimproxy.signing.canonical.OctetSink;

/**
 * Makes every line of a message end in CRLF, in chunks of any size (RFC 6376 section 5.3): any number of CRs before an LF, an LF
 * without CR, and each CR that is not before an LF become one CRLF. What is right passes in place, without a copy. Not
 * thread-safe.
 */
public final class LineEndings {
    private static final byte[] CRLF = "\r\n".getBytes(StandardCharsets.US_ASCII);

    /** CRs that were read and not passed on yet. */
    private long waitingCrs;

    private boolean lineOpen;

    /** Passes the next octets on. CRs at the end of the chunk wait for what follows them. */
    public <X extends Exception> void update(byte[] buffer, int offset, int length, OctetSink<X> sink) throws X {
        int end = offset + length;
        int runBegin = offset;
        for (int at = offset; at < end; at++) {
            byte octet = buffer[at];
            if (waitingCrs > 0) {
                runBegin = octet == '\r' || octet == '\n' ? at + 1 : at;
                if (octet == '\r') {
                    waitingCrs++;
                    continue;
                }
                writeLineEnds(octet == '\n' ? 1 : waitingCrs, sink);
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
                    waitingCrs = 1;
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

    /** Ends the message: each CR that waited becomes CRLF, and a last line without an end gets one. */
    public <X extends Exception> void finish(OctetSink<X> sink) throws X {
        if (waitingCrs > 0 || lineOpen) {
            writeLineEnds(Math.max(1, waitingCrs), sink);
        }
    }

    private <X extends Exception> void writeLineEnds(long count, OctetSink<X> sink) throws X {
        for (long i = 0; i < count; i++) {
            sink.write(CRLF, 0, CRLF.length);
        }
        waitingCrs = 0;
        lineOpen = false;
    }

    private static <X extends Exception> void pass(byte[] buffer, int from, int to, OctetSink<X> sink) throws X {
        if (to > from) {
            sink.write(buffer, from, to - from);
        }
    }
}
