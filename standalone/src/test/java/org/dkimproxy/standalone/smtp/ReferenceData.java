package org.dkimproxy.standalone.smtp;

import java.util.Optional;

/**
 * What the octets after a 354 mean, read line by line in the plainest way (RFC 5321 section 4.5.2, RFC 6376 section 5.3):
 * the reference for fuzzing.
 *
 * @param message unstuffed, each stray CR and LF made CRLF; one char an octet
 * @param end index after the end of data
 * @param bareNewline whether there was a stray CR or LF
 * @param nul whether there was a NUL
 */
public record ReferenceData(String message, int end, boolean bareNewline, boolean nul) {
    /** The message that begins at {@code begin}; empty if its end of data is missing. */
    public static Optional<ReferenceData> of(String wire, int begin) {
        StringBuilder message = new StringBuilder();
        boolean bareNewline = false;
        boolean nul = false;
        int at = begin;
        for (int end = wire.indexOf("\r\n", at); end >= 0; end = wire.indexOf("\r\n", at)) {
            String line = wire.substring(at, end);
            at = end + 2;
            if (line.equals(".")) {
                return Optional.of(new ReferenceData(message.toString(), at, bareNewline, nul));
            }
            String text = line.startsWith(".") ? line.substring(1) : line;
            bareNewline |= text.indexOf('\r') >= 0 || text.indexOf('\n') >= 0;
            nul |= text.indexOf(0) >= 0;
            String lineEnds = text.replaceAll("\r+\\z", "").replaceAll("\r+\n|[\r\n]", "\r\n");
            message.append(lineEnds).append("\r\n");
        }
        return Optional.empty();
    }
}
