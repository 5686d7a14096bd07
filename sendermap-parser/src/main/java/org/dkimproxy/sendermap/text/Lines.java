package org.dkimproxy.sendermap.text;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import org.jspecify.annotations.Nullable;

/**
 * Walks through the lines of a file's bytes without copying them. Of a stream no more than the longest line is held.
 *
 * <p>A line ends with LF, and the CRs before it do not count. A byte order mark in front of the first line is skipped. A line that is not UTF-8 is read as ISO-8859-1.
 */
public final class Lines {
    private static final int BLOCK = 64 * 1024;

    private final @Nullable InputStream in;
    private byte[] bytes;
    private int limit;
    private int next;
    private int begin;
    private int end;
    private int number;
    private boolean ascii;

    /** The lines of {@code content}, which is neither copied nor changed. */
    public Lines(byte[] content) {
        in = null;
        bytes = content;
        limit = content.length;
    }

    /** The lines of a stream, read as they are asked for. */
    public Lines(InputStream in) {
        this.in = in;
        bytes = new byte[BLOCK];
    }

    /**
     * Goes to the next line; false at the end of the file.
     *
     * @throws UncheckedIOException if the stream cannot be read
     */
    public boolean next() {
        if (number == 0) {
            skipByteOrderMark();
        }
        begin = next;
        int all = 0;
        int i = begin;
        while (true) {
            while (i < limit && bytes[i] != '\n') {
                all |= bytes[i++];
            }
            int length = i - begin;
            boolean goesOn = i == limit && readMore();
            i = begin + length;
            if (!goesOn) {
                break;
            }
        }
        if (begin == limit) {
            next = limit;
            return false;
        }
        next = Math.min(i + 1, limit);
        while (i > begin && bytes[i - 1] == '\r') {
            i--;
        }
        end = i;
        ascii = all >= 0;
        number++;
        return true;
    }

    /** The array that holds the line; valid until {@link #next}. */
    public byte[] bytes() {
        return bytes;
    }

    /** Offset of the line's first byte in {@link #bytes}. */
    public int begin() {
        return begin;
    }

    /** Offset after the line's last byte, its line end not counted. */
    public int end() {
        return end;
    }

    /** The line's number, counted from 1. */
    public int number() {
        return number;
    }

    public boolean isAscii() {
        return ascii;
    }

    public String text() {
        if (ascii) {
            return new String(bytes, begin, end - begin, ISO_8859_1);
        }
        try {
            return UTF_8.newDecoder()
                    .decode(ByteBuffer.wrap(bytes, begin, end - begin))
                    .toString();
        } catch (CharacterCodingException notUtf8) {
            return new String(bytes, begin, end - begin, ISO_8859_1);
        }
    }

    private void skipByteOrderMark() {
        boolean more = true;
        while (more && limit < 3) {
            more = readMore();
        }
        if (limit >= 3 && bytes[0] == (byte) 0xEF && bytes[1] == (byte) 0xBB && bytes[2] == (byte) 0xBF) {
            next = 3;
        }
    }

    /** Moves the line that is being read to the front, and reads behind it; false at the end of the file. */
    private boolean readMore() {
        if (in == null) {
            return false;
        }
        int held = limit - begin;
        byte[] target = held == bytes.length ? new byte[larger(held)] : bytes;
        System.arraycopy(bytes, begin, target, 0, held);
        bytes = target;
        begin = 0;
        limit = held;
        try {
            int count = in.read(bytes, held, bytes.length - held);
            limit += Math.max(count, 0);
            return count > 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int larger(int length) {
        return (int) Math.min(Integer.MAX_VALUE - 8L, 2L * length);
    }
}
