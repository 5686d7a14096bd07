package org.dkimproxy.sendermap.map;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.dkimproxy.sendermap.text.Ascii;
import org.dkimproxy.sendermap.text.Position;
import org.dkimproxy.sendermap.text.SourceText;

/** One line of a map: its bytes, which are UTF-8, and where it stands. */
public final class MapLine {
    private final String file;
    private final int number;
    private final byte[] bytes;
    private final int begin;
    private final int end;

    /** The line is in {@code bytes} from {@code begin} to {@code end}; these are not copied. */
    MapLine(String file, int number, byte[] bytes, int begin, int end) {
        this.file = file;
        this.number = number;
        this.bytes = bytes;
        this.begin = begin;
        this.end = end;
    }

    int number() {
        return number;
    }

    byte[] bytes() {
        return bytes;
    }

    int begin() {
        return begin;
    }

    int end() {
        return end;
    }

    boolean isCommentAt(int at) {
        return bytes[at] == '#' || bytes[at] == ';';
    }

    /** Offset of the first white space; the end if there is none. */
    int endOfKey() {
        int i = begin;
        while (i < end && !Ascii.isWhite(bytes[i])) {
            i++;
        }
        return i;
    }

    /** Offset of the first byte from {@code from} that is not white space; the end if there is none. */
    int trimmedBegin(int from) {
        int i = from;
        while (i < end && Ascii.isWhite(bytes[i])) {
            i++;
        }
        return i;
    }

    /** Offset after the last byte that is not white space; {@code from} if there is none after it. */
    int trimmedEnd(int from) {
        int i = end;
        while (i > from && Ascii.isWhite(bytes[i - 1])) {
            i--;
        }
        return i;
    }

    String text(int from, int to) {
        return new String(bytes, from, to - from, UTF_8);
    }

    SourceText part(int from, int to) {
        Position position = new Position(file, number, text(begin, from).length() + 1);
        return new SourceText(position, text(from, to), text(begin, end));
    }
}
