package org.dkimproxy.sendermap.text;

/**
 * Case and white space of US-ASCII only. The methods of {@link String} fold further letters (the Kelvin sign becomes a k), which would let
 * two different names look alike.
 */
public final class Ascii {
    private Ascii() {}

    public static int lower(int c) {
        return c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c;
    }

    public static String lower(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= 'A' && c <= 'Z') {
                return lowerFrom(text, i);
            }
        }
        return text;
    }

    private static String lowerFrom(String text, int first) {
        StringBuilder lower = new StringBuilder(text.length()).append(text, 0, first);
        for (int i = first; i < text.length(); i++) {
            lower.append((char) lower(text.charAt(i)));
        }
        return lower.toString();
    }

    public static boolean isLetter(int c) {
        int lower = lower(c);
        return lower >= 'a' && lower <= 'z';
    }

    public static boolean isDigit(int c) {
        return c >= '0' && c <= '9';
    }

    /** Space, tab, line feed, vertical tab, form feed or carriage return. */
    public static boolean isWhite(int c) {
        return c == ' ' || (c >= '\t' && c <= '\r');
    }

    public static boolean isControl(int c) {
        return c < ' ' || c == 0x7F;
    }

    public static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= 0x80) {
                return false;
            }
        }
        return true;
    }

    /** Offset of the first character from {@code begin} that is not white space; {@code end} if there is none. */
    public static int trimmedBegin(String text, int begin, int end) {
        int i = begin;
        while (i < end && isWhite(text.charAt(i))) {
            i++;
        }
        return i;
    }

    /** Offset after the last character before {@code end} that is not white space; {@code begin} if there is none. */
    public static int trimmedEnd(String text, int begin, int end) {
        int i = end;
        while (i > begin && isWhite(text.charAt(i - 1))) {
            i--;
        }
        return i;
    }
}
