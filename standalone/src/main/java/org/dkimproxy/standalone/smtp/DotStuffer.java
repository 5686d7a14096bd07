package org.dkimproxy.standalone.smtp;

import org.dkimproxy.signing.canonical.OctetSink;

/**
 * From a message to the octets after a 354: doubles each dot at the start of a line and writes the end of data (RFC
 * 5321 section 4.5.2), in chunks of any size. Every line of the message ends in CRLF.
 *
 * <p>Lines that are too long (RFC 5321 section 4.5.3.1.6) leave as they are, since to fold them would break signatures;
 * they are counted.
 */
public final class DotStuffer {
    private static final byte[] DOT = {'.'};
    private static final byte[] LINE_END = {'\r', '\n'};
    private static final byte[] END_OF_DATA = {'.', '\r', '\n'};

    private static final int LONGEST_WITH_CR = 999;

    private boolean lineStart = true;
    private long lineOctets;
    private long longLines;

    /** Stuffs the next octets of the message; runs are handed on where they stand in {@code array}. */
    public <X extends Exception> void update(byte[] array, int offset, int length, OctetSink<X> sink) throws X {
        int run = offset;
        int end = offset + length;
        int i = offset;
        while (i < end) {
            if (lineStart && array[i] == '.') {
                sink.write(array, run, i - run);
                sink.write(DOT, 0, DOT.length);
                run = i;
            }
            int from = i;
            while (i < end && array[i] != '\n') {
                i++;
            }
            lineOctets += i - from;
            lineStart = i < end;
            if (lineStart) {
                longLines += lineOctets > LONGEST_WITH_CR ? 1 : 0;
                lineOctets = 0;
            }
            i++;
        }
        sink.write(array, run, end - run);
    }

    /** How many lines of more than 998 octets, CRLF not counted, have ended so far. */
    public long longLines() {
        return longLines;
    }

    /** Ends the last line if it has no end, and writes the end of data. */
    public <X extends Exception> void finish(OctetSink<X> sink) throws X {
        if (!lineStart) {
            sink.write(LINE_END, 0, LINE_END.length);
        }
        sink.write(END_OF_DATA, 0, END_OF_DATA.length);
    }
}
