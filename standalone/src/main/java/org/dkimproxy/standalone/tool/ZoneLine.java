package org.dkimproxy.standalone.tool;

/** A TXT record as a line of a zone file (RFC 1035 section 5.1). */
final class ZoneLine {
    /** Octets of a character-string at most (RFC 1035 section 3.3). */
    private static final int LONGEST_STRING = 255;

    private ZoneLine() {}

    /**
     * The line, without its line end.
     *
     * @param name without a dot at its end
     * @param text US-ASCII without quotes and backslashes
     */
    static String of(String name, String text) {
        StringBuilder line = new StringBuilder(name).append(". IN TXT");
        for (int begin = 0; begin < text.length(); begin += LONGEST_STRING) {
            int end = Math.min(text.length(), begin + LONGEST_STRING);
            line.append(" \"").append(text, begin, end).append('"');
        }
        return line.toString();
    }
}
