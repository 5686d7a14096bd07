package org.dkimproxy.standalone.smtp;

import org.dkimproxy.signing.LineEndings;

/**
 * From a message to the octets after a 354: doubles each dot at the start of a line and writes the end of data (RFC
 * 5321 section 4.5.2), in chunks of any size. Every line of the message ends in CRLF.
 */
public final class DotStuffer {
    private static final byte[] DOT = {'.'};
    private static final byte[] LINE_END = {'\r', '\n'};
    private static final byte[] END_OF_DATA = {'.', '\r', '\n'};

    private boolean lineStart = true;

    /** Stuffs the next octets of the message; runs are handed on where they stand in {@code array}. */
    public <X extends Exception> void update(byte[] array, int offset, int length, LineEndings.Sink<X> sink) throws X {
        int run = offset;
        int end = offset + length;
        int i = offset;
        while (i < end) {
            if (lineStart && array[i] == '.') {
                sink.write(array, run, i - run);
                sink.write(DOT, 0, DOT.length);
                run = i;
            }
            while (i < end && array[i] != '\n') {
                i++;
            }
            lineStart = i < end;
            i++;
        }
        sink.write(array, run, end - run);
    }

    /** Ends the last line if it has no end, and writes the end of data. */
    public <X extends Exception> void finish(LineEndings.Sink<X> sink) throws X {
        if (!lineStart) {
            sink.write(LINE_END, 0, LINE_END.length);
        }
        sink.write(END_OF_DATA, 0, END_OF_DATA.length);
    }
}
