package org.dkimproxy.signing.canonical;

import java.nio.charset.StandardCharsets;
import org.dkimproxy.sendermap.dkim.DkimMethod;
import org.dkimproxy.sendermap.dkim.DomainKeysMethod;
import org.dkimproxy.signing.message.HeaderField;

/** Writes a header field in its canonical form, without a final CRLF. */
public enum HeaderCanonicalizer {
    /** DKIM and DomainKeys simple: as it stands (RFC 6376 section 3.4.1, RFC 4870 section 3.4.2.1). */
    SIMPLE {
        @Override
        public void write(HeaderField field, OctetBuffer out) {
            out.write(field.block(), field.begin(), field.end() - field.begin());
        }
    },
    /** DKIM relaxed: name in lower case, unfolded, runs of blanks as one, none at the ends (RFC 6376 section 3.4.2). */
    RELAXED {
        @Override
        public void write(HeaderField field, OctetBuffer out) {
            writeName(field, out);
            byte[] block = field.block();
            int end = field.end();
            int runBegin = afterWhiteSpace(block, field.valueBegin(), end);
            while (runBegin < end) {
                int runEnd = unchangedEnd(block, runBegin, end);
                out.write(block, runBegin, runEnd - runBegin);
                int next = afterWhiteSpace(block, runEnd, end);
                if (next < end && hasBlank(block, runEnd, next)) {
                    out.write((byte) ' ');
                }
                runBegin = next;
            }
        }
    },
    /** The old DKIM nowsp: name in lower case, no blanks. */
    NOWSP {
        @Override
        public void write(HeaderField field, OctetBuffer out) {
            writeName(field, out);
            writeWithoutWhiteSpace(field, field.valueBegin(), out);
        }
    },
    /** DomainKeys nofws: no blanks, the name as it stands (RFC 4870 section 3.4.2.2). */
    NOFWS {
        @Override
        public void write(HeaderField field, OctetBuffer out) {
            writeWithoutWhiteSpace(field, field.begin(), out);
        }
    };

    /** That of DKIM (RFC 6376 section 3.4). */
    public static HeaderCanonicalizer of(DkimMethod.Part part) {
        return switch (part) {
            case SIMPLE -> SIMPLE;
            case RELAXED -> RELAXED;
            case NOWSP -> NOWSP;
        };
    }

    /** That of DomainKeys (RFC 4870 section 3.4.2). */
    public static HeaderCanonicalizer of(DomainKeysMethod method) {
        return switch (method) {
            case SIMPLE -> SIMPLE;
            case NOFWS -> NOFWS;
        };
    }

    /** Appends the field to {@code out}. */
    public abstract void write(HeaderField field, OctetBuffer out);

    private static void writeName(HeaderField field, OctetBuffer out) {
        byte[] name = field.name().getBytes(StandardCharsets.US_ASCII);
        out.write(name, 0, name.length);
        out.write((byte) ':');
    }

    /** The end of the text that relaxed leaves as it is: single blanks, with text after them, are part of it. */
    private static int unchangedEnd(byte[] block, int from, int end) {
        for (int at = from; at < end; at++) {
            boolean changes =
                    WhiteSpace.is(block[at]) && (block[at] != ' ' || at + 1 == end || WhiteSpace.is(block[at + 1]));
            if (changes) {
                return at;
            }
        }
        return end;
    }

    private static int afterWhiteSpace(byte[] block, int from, int end) {
        int at = from;
        while (at < end && WhiteSpace.is(block[at])) {
            at++;
        }
        return at;
    }

    /** A stray line end parts nothing: it does not show in the canonical form. */
    private static boolean hasBlank(byte[] block, int from, int to) {
        for (int at = from; at < to; at++) {
            if (block[at] == ' ' || block[at] == '\t') {
                return true;
            }
        }
        return false;
    }

    private static void writeWithoutWhiteSpace(HeaderField field, int from, OctetBuffer out) {
        byte[] block = field.block();
        int runBegin = from;
        for (int at = from; at < field.end(); at++) {
            if (WhiteSpace.is(block[at])) {
                out.write(block, runBegin, at - runBegin);
                runBegin = at + 1;
            }
        }
        out.write(block, runBegin, field.end() - runBegin);
    }
}
