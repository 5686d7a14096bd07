package org.dkimproxy.signing.canonical;

/**
 * Holds back blanks and line ends until text follows; then one blank and all line ends are due.
 *
 * <p>Most of a body passes as it is. {@link UnchangedRun} finds how far, and only the octets around a change take the way
 * through {@link #step}.
 */
final class RelaxedBody extends BodyCanonicalizer {
    private static final byte[] BLANK = {' '};
    private static final byte[] CR = {'\r'};

    private long lineEndsHeld;
    private boolean blankHeld;
    private boolean crHeld;
    private boolean hasText;
    private boolean lineEnded;

    RelaxedBody(OctetSink sink) {
        super(sink);
    }

    @Override
    public void update(byte[] buffer, int offset, int length) {
        int end = offset + length;
        int at = offset;
        while (at < end) {
            if (!step(buffer[at])) {
                int runEnd = UnchangedRun.endInRelaxedBody(buffer, at, end);
                emit(buffer, at, runEnd);
                hasText = true;
                lineEnded = runEnd - at >= 2 && buffer[runEnd - 1] == '\n' && buffer[runEnd - 2] == '\r';
                at = runEnd;
            } else {
                at++;
            }
        }
    }

    @Override
    public void finish() {
        if (crHeld) {
            releaseHeld();
            emit(CR, 0, 1);
            hasText = true;
            lineEnded = false;
        }
        if (hasText && !lineEnded) {
            emitLineEnds(1);
        }
    }

    /** Takes one octet that may have to be held; false, with nothing held any longer, when it begins text. */
    private boolean step(byte octet) {
        if (crHeld) {
            crHeld = false;
            if (octet == '\n') {
                blankHeld = false;
                lineEndsHeld++;
                return true;
            }
            releaseHeld();
            emit(CR, 0, 1);
            hasText = true;
            lineEnded = false;
        }
        switch (octet) {
            case ' ', '\t' -> blankHeld = true;
            case '\r' -> crHeld = true;
            default -> {
                releaseHeld();
                return false;
            }
        }
        return true;
    }

    private void releaseHeld() {
        emitLineEnds(lineEndsHeld);
        lineEndsHeld = 0;
        if (blankHeld) {
            emit(BLANK, 0, 1);
            blankHeld = false;
        }
    }
}
