package org.dkimproxy.signing.canonical;

/**
 * Holds back blanks and line ends until text follows; then one blank and all line ends are due.
 *
 * <p>Most of a body passes as it is. {@link UnchangedRun} finds how far; where it is plain to see what becomes of the white space after a run, the next
 * run begins at once. Only what that leaves takes the way through {@link #step}.
 */
final class RelaxedBody extends BodyCanonicalizer {
    private long lineEndsHeld;
    private boolean blankHeld;
    private boolean crHeld;
    private boolean hasText;

    RelaxedBody(OctetSink<RuntimeException> sink) {
        super(sink);
    }

    @Override
    public void update(byte[] buffer, int offset, int length) {
        int end = offset + length;
        int at = offset;
        while (at < end) {
            at = step(buffer[at]) ? at + 1 : passText(buffer, at, end);
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

    /** Passes runs of text, beginning at {@code from} with nothing held; returns where white space begins that has to be held. */
    private int passText(byte[] buffer, int from, int end) {
        hasText = true;
        int begin = from;
        while (true) {
            int runEnd = UnchangedRun.end(buffer, begin, end, gathered(UnchangedRun.COPIED), gatheredLength());
            int next = afterBlanks(buffer, runEnd, end);
            if (next < end && buffer[next] != '\r') {
                emitRun(buffer, begin, runEnd, runEnd);
                emit((byte) ' ');
            } else if (isLineEnd(buffer, next, end) && buffer[runEnd - 1] != '\n') {
                emitRun(buffer, begin, runEnd, runEnd);
            } else {
                emitRun(buffer, begin, holdTrailingLineEnds(buffer, begin, runEnd), runEnd);
                return runEnd;
            }
            begin = next;
        }
    }

    /** Emits a run up to {@code textEnd}; a short one has been copied already. */
    private void emitRun(byte[] buffer, int begin, int textEnd, int runEnd) {
        if (runEnd - begin <= UnchangedRun.COPIED) {
            emitGathered(textEnd - begin);
        } else {
            emit(buffer, begin, textEnd);
        }
    }

    private static int afterBlanks(byte[] buffer, int from, int end) {
        int at = from;
        while (at < end && (buffer[at] == ' ' || buffer[at] == '\t')) {
            at++;
        }
        return at;
    }

    private static boolean isLineEnd(byte[] buffer, int at, int end) {
        return at + 1 < end && buffer[at] == '\r' && buffer[at + 1] == '\n';
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
