package org.dkimproxy.signing.canonical;

/** Drops blanks and holds back line ends until text follows. A stray CR or LF counts as a blank. */
final class NofwsBody extends BodyCanonicalizer {
    private long lineEndsHeld;
    private boolean afterCr;
    private boolean hasText;

    NofwsBody(OctetSink<RuntimeException> sink) {
        super(sink);
    }

    @Override
    public void update(byte[] buffer, int offset, int length) {
        int end = offset + length;
        int runBegin = offset;
        for (int at = offset; at < end; at++) {
            byte octet = buffer[at];
            if (octet > ' ' || !WhiteSpace.is(octet)) {
                if (lineEndsHeld > 0) {
                    emitLineEnds(lineEndsHeld);
                    lineEndsHeld = 0;
                }
                hasText = true;
                afterCr = false;
                continue;
            }
            emit(buffer, runBegin, at);
            runBegin = at + 1;
            if (octet == '\n' && afterCr) {
                lineEndsHeld++;
            }
            afterCr = octet == '\r';
        }
        emit(buffer, runBegin, end);
    }

    @Override
    void end() {
        if (hasText) {
            emitLineEnds(1);
        }
    }
}
