package org.dkimproxy.signing.canonical;

/** Holds back line ends until more text follows. */
final class SimpleBody extends BodyCanonicalizer {
    private final EmptyBody emptyBody;
    private long lineEndsHeld;
    private boolean crHeld;
    private boolean hasText;

    SimpleBody(EmptyBody emptyBody, OctetSink<RuntimeException> sink) {
        super(sink);
        this.emptyBody = emptyBody;
    }

    @Override
    public void update(byte[] buffer, int offset, int length) {
        int end = offset + length;
        int from = passLineEnds(buffer, offset, end);
        if (from < end) {
            releaseHeld();
            emit(buffer, from, holdTrailingLineEnds(buffer, from, end));
            hasText = true;
        }
    }

    @Override
    void end() {
        if (crHeld) {
            releaseHeld();
            hasText = true;
        }
        if (hasText || emptyBody == EmptyBody.ONE_LINE_END) {
            emitLineEnds(1);
        }
    }

    /** Counts the line ends with which the chunk begins; returns where text begins. */
    private int passLineEnds(byte[] buffer, int from, int end) {
        int at = from;
        while (at < end) {
            if (crHeld && buffer[at] == '\n') {
                crHeld = false;
                lineEndsHeld++;
            } else if (!crHeld && buffer[at] == '\r') {
                crHeld = true;
            } else {
                break;
            }
            at++;
        }
        return at;
    }

    private void releaseHeld() {
        emitLineEnds(lineEndsHeld);
        lineEndsHeld = 0;
        if (crHeld) {
            emit((byte) '\r');
            crHeld = false;
        }
    }

    /** Holds the line ends, and a last lone CR, with which the chunk ends; returns where text ends. */
    private int holdTrailingLineEnds(byte[] buffer, int from, int end) {
        int textEnd = end;
        if (buffer[textEnd - 1] == '\r') {
            crHeld = true;
            textEnd--;
        }
        while (textEnd - 2 >= from && buffer[textEnd - 1] == '\n' && buffer[textEnd - 2] == '\r') {
            lineEndsHeld++;
            textEnd -= 2;
        }
        return textEnd;
    }
}
