package org.dkimproxy.standalone.metrics;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The head of an HTTP/1 request (RFC 9112 section 2.1), as far as it matters here.
 *
 * @param method in upper case, as GET
 * @param path what is asked for, without a query
 * @param accept the values of the Accept fields, with commas between; empty if there is none
 */
record HttpRequest(String method, String path, String accept) {
    /** Octets of a head at most. */
    static final int LIMIT = 8 * 1024;

    private static final Pattern REQUEST_LINE = Pattern.compile("([A-Z]+) (/[^ ?]*)(?:\\?[^ ]*)? HTTP/1\\.[01]");
    private static final String ACCEPT = "accept:";

    /**
     * Reads a head to its end.
     *
     * @return empty if it is none, or too long
     * @throws EOFException if the stream ends before
     */
    static Optional<HttpRequest> read(InputStream in) throws IOException {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (int count = 0; count < LIMIT; count++) {
            int octet = in.read();
            if (octet < 0) {
                throw new EOFException("client gone within its request");
            }
            if (octet != '\n') {
                line.append((char) octet);
                continue;
            }
            String text = line.toString().stripTrailing();
            if (text.isEmpty()) {
                return of(lines);
            }
            lines.add(text);
            line.setLength(0);
        }
        return Optional.empty();
    }

    /** Whether its method is one that reads, and has no body (RFC 9110 section 9.3.1). */
    boolean reads() {
        return method.equals("GET") || isHead();
    }

    /** Whether it asks for the head of the response only. */
    boolean isHead() {
        return method.equals("HEAD");
    }

    private static Optional<HttpRequest> of(List<String> lines) {
        Matcher request = REQUEST_LINE.matcher(lines.isEmpty() ? "" : lines.getFirst());
        if (!request.matches()) {
            return Optional.empty();
        }
        String accept = lines.stream()
                .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(ACCEPT))
                .map(line -> line.substring(ACCEPT.length()).strip())
                .collect(Collectors.joining(","));
        return Optional.of(new HttpRequest(request.group(1), request.group(2), accept));
    }
}
