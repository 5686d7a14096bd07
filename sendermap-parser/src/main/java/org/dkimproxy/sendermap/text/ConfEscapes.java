package org.dkimproxy.sendermap.text;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Arrays;

/** The escapes in values of a conf file: {@code %XX} for a byte, a backslash for a number sign for a number sign. */
public final class ConfEscapes {
    /** A decoded value. */
    public static final class Decoded {
        private final String text;
        private final int[] offsets;

        private Decoded(String text, int[] offsets) {
            this.text = text;
            this.offsets = offsets;
        }

        public String text() {
            return text;
        }

        /** Offset in the raw value of the character at {@code index} of the text, or of its end. */
        int offset(int index) {
            return offsets[index];
        }
    }

    private ConfEscapes() {}

    /** Decodes the escapes of {@code line} from {@code begin} to {@code end}. What is no escape stays as it is. */
    public static Decoded decode(String line, int begin, int end) {
        StringBuilder text = new StringBuilder(end - begin);
        int[] offsets = new int[end - begin + 1];
        int i = begin;
        while (i < end) {
            if (isByte(line, i, end)) {
                int next = endOfBytes(line, i, end);
                String decoded = bytes(line, i, next);
                Arrays.fill(offsets, text.length(), text.length() + decoded.length(), i - begin);
                text.append(decoded);
                i = next;
            } else {
                offsets[text.length()] = i - begin;
                i = isNumberSign(line, i, end) ? i + 1 : i;
                text.append(line.charAt(i++));
            }
        }
        offsets[text.length()] = end - begin;
        return new Decoded(text.toString(), Arrays.copyOf(offsets, text.length() + 1));
    }

    /** Whether a {@code %} with two hexadecimal digits stands at {@code i}. */
    public static boolean isByte(String line, int i, int end) {
        return line.charAt(i) == '%' && i + 2 < end && digit(line.charAt(i + 1)) >= 0 && digit(line.charAt(i + 2)) >= 0;
    }

    /** Whether a number sign with a backslash before it stands at {@code i}. */
    static boolean isNumberSign(String line, int i, int end) {
        return line.charAt(i) == '\\' && i + 1 < end && line.charAt(i + 1) == '#';
    }

    private static int digit(char c) {
        return c < 0x80 ? Character.digit(c, 16) : -1;
    }

    private static int endOfBytes(String line, int begin, int end) {
        int i = begin;
        while (i < end && isByte(line, i, end)) {
            i += 3;
        }
        return i;
    }

    private static String bytes(String line, int begin, int end) {
        byte[] bytes = new byte[(end - begin) / 3];
        for (int i = 0; i < bytes.length; i++) {
            int at = begin + 3 * i;
            bytes[i] = (byte) (digit(line.charAt(at + 1)) << 4 | digit(line.charAt(at + 2)));
        }
        try {
            return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException notUtf8) {
            return new String(bytes, ISO_8859_1);
        }
    }
}
