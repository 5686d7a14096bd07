package org.dkimproxy.signing.canonical;

import java.nio.charset.StandardCharsets;
import org.dkimproxy.sendermap.DkimMethod;
import org.dkimproxy.sendermap.DomainKeysMethod;
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
            int runBegin = field.valueBegin();
            boolean blankDue = false;
            boolean started = false;
            for (int at = field.valueBegin(); at < field.end(); at++) {
                if (WhiteSpace.is(block[at])) {
                    if (at > runBegin) {
                        out.write(block, runBegin, at - runBegin);
                    }
                    runBegin = at + 1;
                    blankDue |= block[at] == ' ' || block[at] == '\t';
                } else if (at == runBegin) {
                    if (started && blankDue) {
                        out.write((byte) ' ');
                    }
                    started = true;
                    blankDue = false;
                }
            }
            if (field.end() > runBegin) {
                out.write(block, runBegin, field.end() - runBegin);
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
