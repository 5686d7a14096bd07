package org.dkimproxy.signing.message;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** One header field, raw: a slice of the header block, folds and all, without its final CRLF. */
public final class HeaderField {
    private static final byte VERTICAL_TAB = 0x0B;
    private static final byte FORM_FEED = 0x0C;

    private final byte[] block;
    private final int begin;
    private final int colon;
    private final int end;
    private final String name;

    private HeaderField(byte[] block, int begin, int colon, int end, String name) {
        this.block = block;
        this.begin = begin;
        this.colon = colon;
        this.end = end;
        this.name = name;
    }

    /** The field in {@code block} from {@code begin} to {@code end}, whose name ends at {@code nameEnd}. */
    static HeaderField of(byte[] block, int begin, int nameEnd, int colon, int end) {
        String name = new String(block, begin, nameEnd - begin, StandardCharsets.US_ASCII).toLowerCase(Locale.ROOT);
        return new HeaderField(block, begin, colon, end, name);
    }

    /** A field that is not part of a message, such as a signature about to be made; US-ASCII, without its final CRLF. */
    public static HeaderField of(String text) {
        byte[] raw = text.getBytes(StandardCharsets.US_ASCII);
        int colon = text.indexOf(':');
        return of(raw, 0, colon, colon, raw.length);
    }

    /** The name in lower case, without blanks before the colon. */
    public String name() {
        return name;
    }

    /** The array that holds the field; not to be changed. */
    public byte[] block() {
        return block;
    }

    /** Index of the first octet of the name. */
    public int begin() {
        return begin;
    }

    /** Index of the first octet after the colon. */
    public int valueBegin() {
        return colon + 1;
    }

    /** Whether a vertical tab or form feed is in the value: white space to some verifiers (RFC 6376 section 2.8). */
    public boolean hasVtOrFf() {
        for (int i = valueBegin(); i < end; i++) {
            if (block[i] == VERTICAL_TAB || block[i] == FORM_FEED) {
                return true;
            }
        }
        return false;
    }

    /** Index after the last octet of the value: that of the final CR. */
    public int end() {
        return end;
    }
}
