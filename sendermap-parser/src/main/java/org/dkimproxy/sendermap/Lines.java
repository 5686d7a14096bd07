package org.dkimproxy.sendermap;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;

/**
 * Walks through the lines of a file's bytes without copying them.
 *
 * <p>A line ends with LF, and the CRs before it do not count. A byte order mark in front of the first line is skipped. A line that is not UTF-8 is read as ISO-8859-1.
 */
final class Lines {
    private final byte[] content;
    private int next;
    private int begin;
    private int end;
    private int number;
    private boolean ascii;

    Lines(byte[] content) {
        this.content = content;
        next = startsWithByteOrderMark() ? 3 : 0;
    }

    private boolean startsWithByteOrderMark() {
        return content.length >= 3
                && content[0] == (byte) 0xEF
                && content[1] == (byte) 0xBB
                && content[2] == (byte) 0xBF;
    }

    /** Goes to the next line; false at the end of the file. */
    boolean next() {
        if (next >= content.length) {
            return false;
        }
        begin = next;
        int all = 0;
        int i = begin;
        while (i < content.length && content[i] != '\n') {
            all |= content[i++];
        }
        next = i + 1;
        while (i > begin && content[i - 1] == '\r') {
            i--;
        }
        end = i;
        ascii = all >= 0;
        number++;
        return true;
    }

    /** Offset of the line's first byte in the file. */
    int begin() {
        return begin;
    }

    /** Offset after the line's last byte, its line end not counted. */
    int end() {
        return end;
    }

    /** The line's number, counted from 1. */
    int number() {
        return number;
    }

    boolean isAscii() {
        return ascii;
    }

    String text() {
        if (ascii) {
            return new String(content, begin, end - begin, ISO_8859_1);
        }
        try {
            return UTF_8.newDecoder()
                    .decode(ByteBuffer.wrap(content, begin, end - begin))
                    .toString();
        } catch (CharacterCodingException notUtf8) {
            return new String(content, begin, end - begin, ISO_8859_1);
        }
    }
}
