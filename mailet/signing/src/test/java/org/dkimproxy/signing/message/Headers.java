package org.dkimproxy.signing.message;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

/** Header blocks for tests. */
public final class Headers {
    private Headers() {}

    /** The fields of a block whose lines end in CRLF; each character is one octet. */
    public static HeaderFields of(String block) {
        byte[] octets = (block + "\r\n").getBytes(ISO_8859_1);
        HeaderCollector collector = new HeaderCollector(Integer.MAX_VALUE);
        if (collector.update(octets, 0, octets.length) != octets.length) {
            throw new IllegalArgumentException("an empty line in the block");
        }
        return collector.fields();
    }
}
