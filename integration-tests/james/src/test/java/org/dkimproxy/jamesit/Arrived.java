package org.dkimproxy.jamesit;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A message that arrived.
 *
 * @param text its octets, one character each
 */
record Arrived(String text) {
    private static final int MAX_LINE = 998;
    private static final Pattern FIELD =
            Pattern.compile("\\G(?<name>[^:\\r\\n]+):(?<value>.*(?:\\r\\n[ \\t].*)*)\\r\\n");
    private static final Pattern SELECTOR = Pattern.compile("(?:^|;)s=(?<selector>[^;]+)");

    static Arrived of(byte[] octets) {
        return new Arrived(new String(octets, StandardCharsets.ISO_8859_1));
    }

    /**
     * The selectors of the signatures that stand above all other fields, from the top. Only MIME-Version may be above them: James
     * 3.8 moves it there when the next hop does not announce 8BITMIME, which DKIM does not mind.
     */
    List<String> selectorsOnTop() {
        List<String> selectors = new ArrayList<>();
        Matcher fields = FIELD.matcher(text.replaceFirst("^MIME-Version: 1\\.0\r\n", ""));
        while (fields.find() && fields.group("name").matches("DKIM-Signature|DomainKey-Signature")) {
            Matcher selector = SELECTOR.matcher(fields.group("value").replaceAll("\\s", ""));
            selectors.add(selector.find() ? selector.group("selector") : "none");
        }
        return selectors;
    }

    /** The octets. */
    byte[] octets() {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** What follows the header and the blank line. */
    String body() {
        int end = text.indexOf("\r\n\r\n");
        return end < 0 ? "" : text.substring(end + 4);
    }

    /** The fields, each with its line end. */
    List<String> fields() {
        return FIELD.matcher(text).results().map(MatchResult::group).toList();
    }

    /** Whether its body is 7bit data (RFC 2045 section 2.7), octets below 128 in lines of up to 998, and its header ASCII, too. */
    boolean isSevenBit() {
        return text.chars().allMatch(octet -> octet > 0 && octet < 0x80)
                && body().lines().allMatch(line -> line.length() <= MAX_LINE);
    }
}
