package org.dkimproxy.standalone.packaging;

/** Plain text as roff, for pages that man(7) describes. */
final class Roff {
    private Roff() {}

    /** The text such that each character of it appears as itself, also where a request would begin. */
    static String escape(String text) {
        StringBuilder escaped = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '\\' -> escaped.append("\\e");
                case '-' -> escaped.append("\\-");
                case '\'' -> escaped.append("\\(aq");
                case '`' -> escaped.append("\\(ga");
                case '^' -> escaped.append("\\(ha");
                case '~' -> escaped.append("\\(ti");
                case '.' -> escaped.append(i == 0 ? "\\&." : ".");
                default -> escaped.append(c);
            }
        }
        return escaped.toString();
    }

    /** The text in bold. */
    static String bold(String text) {
        return "\\fB" + escape(text) + "\\fP";
    }

    /** The text in italics, as what is to be replaced; empty for an empty text. */
    static String italic(String text) {
        return text.isEmpty() ? "" : "\\fI" + escape(text) + "\\fP";
    }
}
