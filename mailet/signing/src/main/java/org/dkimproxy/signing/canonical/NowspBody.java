package org.dkimproxy.signing.canonical;

/** Drops every blank, CR and LF. */
final class NowspBody extends BodyCanonicalizer {
    NowspBody(OctetSink<RuntimeException> sink) {
        super(sink);
    }

    @Override
    public void update(byte[] buffer, int offset, int length) {
        int end = offset + length;
        int runBegin = offset;
        for (int at = offset; at < end; at++) {
            byte octet = buffer[at];
            if (WhiteSpace.is(octet)) {
                emit(buffer, runBegin, at);
                runBegin = at + 1;
            }
        }
        emit(buffer, runBegin, end);
    }

    @Override
    void end() {
        // nothing is ever held back
    }
}
