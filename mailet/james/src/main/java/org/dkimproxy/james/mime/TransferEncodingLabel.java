package org.dkimproxy.james.mime;

import java.util.Locale;

/**
 * What a Content-Transfer-Encoding field says (RFC 2045 section 6.1). Its value is one token; where it is not, the first one
 * counts, as it does for jakarta.mail and so for James: comments, quoted strings and what cannot be in a token are passed over.
 */
final class TransferEncodingLabel {
    /** RFC 2045 section 5.1. */
    private static final String SPECIALS = "()<>@,;:\\\"/[]?=";

    private static final int DELETE = 0x7F;

    private final String value;
    private int at;

    private TransferEncodingLabel(String value) {
        this.value = value;
    }

    /** The label in lower case; empty if there is none. */
    static String of(String value) {
        return new TransferEncodingLabel(value).firstToken().toLowerCase(Locale.ROOT);
    }

    private String firstToken() {
        while (at < value.length()) {
            if (isTokenAt(at)) {
                int begin = at;
                while (at < value.length() && isTokenAt(at)) {
                    at++;
                }
                return value.substring(begin, at);
            }
            switch (value.charAt(at++)) {
                case '(' -> skip('(', ')');
                case '"' -> skip('"', '"');
                default -> {
                    // a blank, or one that stands for itself
                }
            }
        }
        return "";
    }

    private boolean isTokenAt(int index) {
        char c = value.charAt(index);
        return c > ' ' && c < DELETE && SPECIALS.indexOf(c) < 0;
    }

    /** Skips to the end of a comment, which may hold others, or of a quoted string. */
    private void skip(char open, char close) {
        int depth = 1;
        while (at < value.length() && depth > 0) {
            char c = value.charAt(at++);
            if (c == '\\') {
                at++;
            } else if (c == close) {
                depth--;
            } else if (c == open) {
                depth++;
            }
        }
    }
}
