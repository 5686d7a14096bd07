package org.dkimproxy.signing.canonical;

/**
 * Holds back blanks and line ends until text follows; then one blank and all line ends are due.
 *
 * <p>Most of a body passes as it is. {@link UnchangedRun} finds how far, and only the octets around a change take the way
 * through {@link #step}.
 */
final class RelaxedBody extends BodyCanonicalizer {
    private long lineEndsHeld;
    private boolean blankHeld;
    private boolean crHeld;
    private boolean hasText;

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
                emit(buffer, at, holdTrailingLineEnds(buffer, at, runEnd));
                hasText = true;
                at = runEnd;
            } else {
                at++;
            }
        }
    }

    @Override
    void end() {
        if (crHeld) {
            releaseHeld();
            emit((byte) '\r');
            hasText = true;
        }
        if (hasText) {
            emitLineEnds(1);
        }
    }

    /** Holds the line ends with which a run ends; returns where its text ends. */
    private int holdTrailingLineEnds(byte[] buffer, int from, int end) {
        int textEnd = end;
        while (textEnd - 2 >= from && buffer[textEnd - 1] == '\n' && buffer[textEnd - 2] == '\r') {
            lineEndsHeld++;
            textEnd -= 2;
        }
        return textEnd;
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
            emit((byte) '\r');
            hasText = true;
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
            emit((byte) ' ');
            blankHeld = false;
        }
    }
}
