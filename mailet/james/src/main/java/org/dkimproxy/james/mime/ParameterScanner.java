package org.dkimproxy.james.mime;

/**
 * Cuts the value of a structured MIME field at its semicolons. Quoted strings lose their quotes, comments and blanks outside
 * quotes are left out (RFC 2045 section 5.1, RFC 5322 section 3.2).
 */
final class ParameterScanner {
    private final String value;
    private int at;

    ParameterScanner(String value) {
        this.value = value;
    }

    /** Whether a piece is left. */
    boolean hasNext() {
        return at < value.length();
    }

    /** The next piece; empty if there is none. */
    String next() {
        StringBuilder piece = new StringBuilder();
        while (at < value.length()) {
            char c = value.charAt(at++);
            switch (c) {
                case ';' -> {
                    return piece.toString();
                }
                case '"' -> quoted(piece);
                case '(' -> comment();
                case ' ', '\t' -> {
                    // means nothing between tokens
                }
                default -> piece.append(c);
            }
        }
        return piece.toString();
    }

    private void quoted(StringBuilder piece) {
        while (at < value.length()) {
            char c = value.charAt(at++);
            if (c == '"') {
                return;
            }
            piece.append(c == '\\' && at < value.length() ? value.charAt(at++) : c);
        }
    }

    private void comment() {
        int depth = 1;
        while (at < value.length() && depth > 0) {
            switch (value.charAt(at++)) {
                case '(' -> depth++;
                case ')' -> depth--;
                case '\\' -> at++;
                default -> {
                    // part of the comment
                }
            }
        }
    }
}
