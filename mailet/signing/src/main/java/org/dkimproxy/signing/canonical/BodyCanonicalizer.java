package org.dkimproxy.signing.canonical;

/**
 * Turns a body into its canonical form while it passes, in chunks of any size.
 *
 * <p>The body has CRLF line ends. Long stretches that canonicalization leaves alone are handed on in place, without a copy.
 * Not thread-safe.
 */
public abstract class BodyCanonicalizer {
    private static final byte[] CRLFS = "\r\n".repeat(512).getBytes(java.nio.charset.StandardCharsets.US_ASCII);

    /** Runs shorter than this are gathered, since a digest takes many small pieces slowly; a longer one is handed on in place. */
    private static final int LONG_RUN = 1024;

    private static final int GATHERED = 4 * LONG_RUN;

    private final OctetSink<RuntimeException> sink;
    private final byte[] gathered = new byte[GATHERED];
    private int gatheredLength;

    BodyCanonicalizer(OctetSink<RuntimeException> sink) {
        this.sink = sink;
    }

    /** Takes the next octets of the body. */
    public abstract void update(byte[] buffer, int offset, int length);

    /** Ends the body; to be called once. */
    public final void finish() {
        end();
        flush();
    }

    /** Emits what was held back until the end. */
    abstract void end();

    final void emit(byte[] buffer, int from, int to) {
        int length = to - from;
        if (length > GATHERED - gatheredLength || length >= LONG_RUN) {
            flush();
        }
        if (length >= LONG_RUN) {
            sink.write(buffer, from, length);
        } else {
            System.arraycopy(buffer, from, gathered, gatheredLength, length);
            gatheredLength += length;
        }
    }

    final void emit(byte octet) {
        if (gatheredLength == GATHERED) {
            flush();
        }
        gathered[gatheredLength++] = octet;
    }

    /** The array of what was gathered, with room for {@code count} more octets from {@link #gatheredLength} on. */
    final byte[] gathered(int count) {
        if (count > GATHERED - gatheredLength) {
            flush();
        }
        return gathered;
    }

    final int gatheredLength() {
        return gatheredLength;
    }

    /** Emits octets that were put into the array of {@link #gathered}. */
    final void emitGathered(int count) {
        gatheredLength += count;
    }

    /** Emits {@code count} CRLFs. */
    final void emitLineEnds(long count) {
        for (long left = 2 * count; left > 0; left -= CRLFS.length) {
            emit(CRLFS, 0, (int) Math.min(left, CRLFS.length));
        }
    }

    private void flush() {
        if (gatheredLength > 0) {
            sink.write(gathered, 0, gatheredLength);
            gatheredLength = 0;
        }
    }

    /** How a body that is empty, or holds nothing but empty lines, is canonicalized. */
    public enum EmptyBody {
        /** As one CRLF (RFC 6376 section 3.4.3). */
        ONE_LINE_END,
        /** As nothing (RFC 4870 section 3.4.2.1). */
        NOTHING
    }

    /** DKIM and DomainKeys simple: only the empty lines at the end are left out (RFC 6376 section 3.4.3). */
    public static BodyCanonicalizer simple(EmptyBody emptyBody, OctetSink<RuntimeException> sink) {
        return new SimpleBody(emptyBody, sink);
    }

    /** DKIM relaxed: runs of blanks count as one, none at a line's end (RFC 6376 section 3.4.4). */
    public static BodyCanonicalizer relaxed(OctetSink<RuntimeException> sink) {
        return new RelaxedBody(sink);
    }

    /** DomainKeys nofws: no blanks, no empty lines at the end (RFC 4870 section 3.4.2.2). */
    public static BodyCanonicalizer nofws(OctetSink<RuntimeException> sink) {
        return new NofwsBody(sink);
    }

    /** The old DKIM nowsp: no blanks and no line ends at all. */
    public static BodyCanonicalizer nowsp(OctetSink<RuntimeException> sink) {
        return new NowspBody(sink);
    }
}
