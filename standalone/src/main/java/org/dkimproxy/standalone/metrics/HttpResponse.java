package org.dkimproxy.standalone.metrics;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * An HTTP/1.1 response after which the connection closes (RFC 9112 section 9.6).
 *
 * @param status code and reason phrase
 * @param mediaType of the body
 * @param body sent as UTF-8
 */
record HttpResponse(String status, String mediaType, String body) {
    private static final String OK = "200 OK";
    private static final String PLAIN = "text/plain; charset=utf-8";

    static final HttpResponse BAD_REQUEST = plain("400 Bad Request", "not an HTTP/1 request of moderate length");
    static final HttpResponse NOT_FOUND = plain("404 Not Found", "here are only /metrics and /healthz");
    static final HttpResponse METHOD_NOT_ALLOWED = plain("405 Method Not Allowed", "only GET and HEAD");

    /** What was asked for. */
    static HttpResponse ok(String mediaType, String body) {
        return new HttpResponse(OK, mediaType, body);
    }

    /** One line that says that all is well. */
    static HttpResponse ok(String line) {
        return plain(OK, line);
    }

    /** One line that says why the program is not at anyone's service. */
    static HttpResponse unavailable(String line) {
        return plain("503 Service Unavailable", line);
    }

    /** Writes it; without its body if only the head was asked for. */
    void write(OutputStream out, boolean headOnly) throws IOException {
        byte[] octets = body.getBytes(StandardCharsets.UTF_8);
        String allow = equals(METHOD_NOT_ALLOWED) ? "Allow: GET, HEAD\r\n" : "";
        String head = "HTTP/1.1 " + status + "\r\nContent-Type: " + mediaType + "\r\nContent-Length: " + octets.length
                + "\r\n" + allow + "Cache-Control: no-store\r\nConnection: close\r\n\r\n";
        out.write(head.getBytes(StandardCharsets.US_ASCII));
        if (!headOnly) {
            out.write(octets);
        }
        out.flush();
    }

    private static HttpResponse plain(String status, String line) {
        return new HttpResponse(status, PLAIN, line + "\n");
    }
}
