package org.dkimproxy.ledger;

import java.nio.charset.StandardCharsets;
import java.util.Random;

/**
 * A message that tells which one it is.
 *
 * @param id unique among all letters of a ledger: the local part of its sender, and the value of a field
 * @param octets the message with CRLF line ends, before dot-stuffing
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, and changed by nobody
record Letter(String id, byte[] octets) {
    static final String DOMAIN = "ledger.example.org";
    static final String FIELD = "X-Ledger: ";

    /**
     * A letter whose body has about so many octets, with lines that begin with dots.
     *
     * @param random chooses the length of the lines
     */
    static Letter of(String id, int bodyOctets, Random random) {
        StringBuilder text = new StringBuilder(bodyOctets + 300);
        text.append(FIELD)
                .append(id)
                .append("\r\nFrom: ")
                .append(id)
                .append('@')
                .append(DOMAIN);
        text.append("\r\nTo: b@example.net\r\nDate: Mon, 01 Jun 2026 10:00:00 +0000\r\nMessage-ID: <");
        text.append(id).append('@').append(DOMAIN).append(">\r\n\r\n");
        int end = text.length() + bodyOctets;
        while (text.length() < end) {
            text.append(random.nextInt(4) == 0 ? ".." : "").append(id);
            text.repeat('x', random.nextInt(Math.clamp(bodyOctets, 1, 70))).append("\r\n");
        }
        return new Letter(id, text.append(".\r\n").toString().getBytes(StandardCharsets.US_ASCII));
    }
}
