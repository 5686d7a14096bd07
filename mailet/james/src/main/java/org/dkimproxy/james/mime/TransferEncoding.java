package org.dkimproxy.james.mime;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** The two encodings that make octets of any kind 7-bit data (RFC 2045 section 6). */
enum TransferEncoding {
    /** Section 6.7: readable where the text is mostly ASCII. */
    QUOTED_PRINTABLE("quoted-printable") {
        @Override
        void encode(byte[] message, int begin, int end, ByteArrayOutputStream out) {
            int column = 0;
            for (int i = begin; i < end; i++) {
                byte octet = message[i];
                if (octet == '\r' && i + 1 < end && message[i + 1] == '\n') {
                    out.writeBytes(CRLF);
                    i++;
                    column = 0;
                    continue;
                }
                boolean literal = isLiteral(octet) && !(isBlank(octet) && isLineEnd(message, i + 1, end));
                int width = literal ? 1 : 3;
                if (column + width >= MAX_LINE) {
                    out.writeBytes(SOFT_LINE_BREAK);
                    column = 0;
                }
                if (literal) {
                    out.write(octet);
                } else {
                    out.write('=');
                    out.write(HEX[(octet >> 4) & 0xF]);
                    out.write(HEX[octet & 0xF]);
                }
                column += width;
            }
        }
    },

    /** Section 6.8. */
    BASE64("base64") {
        @Override
        void encode(byte[] message, int begin, int end, ByteArrayOutputStream out) {
            ByteBuffer content = ByteBuffer.wrap(message, begin, end - begin);
            out.writeBytes(Base64.getMimeEncoder(MAX_LINE, CRLF).encode(content).array());
            if (end == message.length) {
                out.writeBytes(CRLF);
            }
        }
    };

    private static final int MAX_LINE = 76;
    private static final byte[] CRLF = {'\r', '\n'};
    private static final byte[] SOFT_LINE_BREAK = {'=', '\r', '\n'};
    private static final byte[] HEX = "0123456789ABCDEF".getBytes(StandardCharsets.US_ASCII);

    private final String tag;

    TransferEncoding(String tag) {
        this.tag = tag;
    }

    /** As it stands in Content-Transfer-Encoding. */
    String tag() {
        return tag;
    }

    /** Writes the octets from {@code begin} to {@code end}; a stretch that ends the message leaves it ended by a line end. */
    abstract void encode(byte[] message, int begin, int end, ByteArrayOutputStream out);

    /** The one that makes text shorter; text with NUL octets is in a charset whose line ends are not CRLF. */
    static TransferEncoding ofText(byte[] message, int begin, int end) {
        long escaped = 0;
        for (int i = begin; i < end; i++) {
            byte octet = message[i];
            if (octet == 0) {
                return BASE64;
            }
            if (!isLiteral(octet) && octet != '\r' && octet != '\n') {
                escaped++;
            }
        }
        return escaped * 6 <= end - begin ? QUOTED_PRINTABLE : BASE64;
    }

    private static boolean isLiteral(byte octet) {
        return (octet >= ' ' && octet <= '~' && octet != '=') || octet == '\t';
    }

    private static boolean isBlank(byte octet) {
        return octet == ' ' || octet == '\t';
    }

    private static boolean isLineEnd(byte[] message, int at, int end) {
        return at == end || message[at] == '\r';
    }
}
