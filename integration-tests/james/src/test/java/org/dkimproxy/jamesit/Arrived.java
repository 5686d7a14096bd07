package org.dkimproxy.jamesit;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A message that arrived.
 *
 * @param text its octets, one character each
 */
record Arrived(String text) {
    private static final Pattern FIELD = Pattern.compile("\\G(?<name>[^:\\r\\n]+):(?<value>.*(?:\\r\\n[ \\t].*)*)\\r\\n");
    private static final Pattern SELECTOR = Pattern.compile("(?:^|;)s=(?<selector>[^;]+)");

    static Arrived of(byte[] octets) {
        return new Arrived(new String(octets, StandardCharsets.ISO_8859_1));
    }

    /** The selectors of the signatures that stand above all other fields, from the top. */
    List<String> selectorsOnTop() {
        List<String> selectors = new ArrayList<>();
        Matcher fields = FIELD.matcher(text);
        while (fields.find() && fields.group("name").matches("DKIM-Signature|DomainKey-Signature")) {
            Matcher selector = SELECTOR.matcher(fields.group("value").replaceAll("\\s", ""));
            selectors.add(selector.find() ? selector.group("selector") : "none");
        }
        return selectors;
    }

    /** What follows the header and the blank line. */
    String body() {
        int end = text.indexOf("\r\n\r\n");
        return end < 0 ? "" : text.substring(end + 4);
    }

    /** Whether all octets are below 128. */
    boolean isSevenBit() {
        return text.chars().allMatch(octet -> octet < 0x80);
    }
}
