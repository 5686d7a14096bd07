package org.dkimproxy.standalone.smtp;

import org.dkimproxy.signing.canonical.OctetSink;

/**
 * From the octets after a 354 to the message: finds the end of data, takes off the stuffed dots (RFC 5321 section
 * 4.5.2) and makes every line end CRLF (RFC 6376 section 5.3), in chunks of any size and in one pass.
 *
 * <p>Only CRLF . CRLF ends the data, or . CRLF at its very beginning. A line, for dots, begins after CRLF only: after a
 * stray CR or LF a dot is text, so that no other pair of line ends around a dot can ever be an end. Any number of CRs before
 * an LF is one line end; any other stray CR or LF becomes CRLF. Both are remembered, as is a NUL.
 */
public final class DataDecoder {
    private static final byte[] CRLF = {'\r', '\n'};

    private enum State {
        /** After CRLF, or at the beginning. */
        LINE_START,
        TEXT,
        /** After CRs that were not handed on yet. */
        CR,
        /** After a dot at the start of a line; it was taken off. */
        DOT,
        /** After a dot at the start of a line and a CR; neither was handed on. */
        DOT_CR,
        COMPLETE
    }

    private State state = State.LINE_START;
    private long waitingCrs;
    private boolean bareNewline;
    private boolean nul;

    /**
     * Decodes octets up to the end of data. Runs of text are handed on where they stand in {@code array}.
     *
     * @param from index of the first octet
     * @param to index after the last octet
     * @return index after the last octet used: {@code to}, unless the end of data was found before it
     */
    public <X extends Exception> int decode(byte[] array, int from, int to, OctetSink<X> sink) throws X {
        int run = from;
        int i = from;
        while (i < to && state != State.COMPLETE) {
            byte octet = array[i];
            switch (state) {
                case LINE_START -> {
                    if (octet == '.') {
                        handOn(array, run, i, sink);
                        run = ++i;
                        state = State.DOT;
                    } else {
                        state = State.TEXT;
                    }
                }
                case TEXT -> {
                    if (octet == '\r' && i + 1 < to && array[i + 1] == '\n') {
                        i += 2;
                        state = State.LINE_START;
                    } else if (octet == '\r') {
                        handOn(array, run, i, sink);
                        run = ++i;
                        waitingCrs = 1;
                        state = State.CR;
                    } else if (octet == '\n') {
                        handOn(array, run, i, sink);
                        run = ++i;
                        bareNewline = true;
                        handOn(CRLF, 0, CRLF.length, sink);
                    } else {
                        nul |= octet == 0;
                        i = endOfText(array, i + 1, to);
                    }
                }
                case CR -> {
                    if (octet == '\r') {
                        run = ++i;
                        waitingCrs++;
                        bareNewline = true;
                    } else if (octet == '\n') {
                        run = ++i;
                        handOn(CRLF, 0, CRLF.length, sink);
                        state = State.LINE_START;
                    } else {
                        run = i;
                        for (long written = 0; written < waitingCrs; written++) {
                            handOn(CRLF, 0, CRLF.length, sink);
                        }
                        bareNewline = true;
                        state = State.TEXT;
                    }
                }
                case DOT -> {
                    if (octet == '\r') {
                        run = ++i;
                        state = State.DOT_CR;
                    } else {
                        state = State.TEXT;
                    }
                }
                case DOT_CR -> {
                    if (octet == '\n') {
                        run = ++i;
                        state = State.COMPLETE;
                    } else {
                        waitingCrs = 1;
                        state = State.CR;
                    }
                }
                case COMPLETE -> throw new AssertionError(state);
            }
        }
        handOn(array, run, i, sink);
        return i;
    }

    /** Whether the end of data was found. */
    public boolean isComplete() {
        return state == State.COMPLETE;
    }

    /** Whether a CR or LF stood alone anywhere. */
    public boolean sawBareNewline() {
        return bareNewline;
    }

    /** Whether a NUL stood anywhere. */
    public boolean sawNul() {
        return nul;
    }

    private static int endOfText(byte[] array, int from, int to) {
        int i = from;
        while (i < to && (array[i] > '\r' || (array[i] != '\r' && array[i] != '\n' && array[i] != 0))) {
            i++;
        }
        return i;
    }

    private static <X extends Exception> void handOn(byte[] array, int from, int to, OctetSink<X> sink) throws X {
        if (to > from) {
            sink.write(array, from, to - from);
        }
    }
}
