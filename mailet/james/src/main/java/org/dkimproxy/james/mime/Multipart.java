package org.dkimproxy.james.mime;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The stretches of a multipart body (RFC 2046 section 5.1.1). */
final class Multipart {
    /** From {@code begin} to {@code end}, in octets of the message. */
    record Stretch(int begin, int end) {}

    private final byte[] message;
    private final byte[] dashBoundary;
    private final List<Stretch> parts = new ArrayList<>();
    private final List<Stretch> gaps = new ArrayList<>();

    private Multipart(byte[] message, String boundary) {
        this.message = message;
        this.dashBoundary = ("--" + boundary).getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Cuts the body from {@code begin} to {@code end} at its delimiters. */
    static Multipart cut(byte[] message, int begin, int end, String boundary) {
        Multipart multipart = new Multipart(message, boundary);
        multipart.cut(begin, end);
        return multipart;
    }

    /** The parts, without the line ends that belong to the delimiters; none if there is no delimiter. */
    List<Stretch> parts() {
        return parts;
    }

    /** What lies before, between and after the parts. */
    List<Stretch> gaps() {
        return gaps;
    }

    private void cut(int begin, int end) {
        int gapBegin = begin;
        int partBegin = -1;
        boolean closed = false;
        for (int line = begin; line < end && !closed; line = afterLine(line, end)) {
            int suffix = line + dashBoundary.length;
            if (suffix > end || !Arrays.equals(message, line, suffix, dashBoundary, 0, dashBoundary.length)) {
                continue;
            }
            closed = suffix + 2 <= end && message[suffix] == '-' && message[suffix + 1] == '-';
            if (!isPadding(closed ? suffix + 2 : suffix, end)) {
                closed = false;
                continue;
            }
            if (partBegin >= 0) {
                gapBegin = Math.max(partBegin, line - 2);
                parts.add(new Stretch(partBegin, gapBegin));
            }
            if (!closed) {
                partBegin = afterLine(line, end);
                gaps.add(new Stretch(gapBegin, partBegin));
            }
        }
        if (partBegin >= 0 && !closed) {
            parts.add(new Stretch(partBegin, end));
        } else {
            gaps.add(new Stretch(gapBegin, end));
        }
    }

    private boolean isPadding(int from, int end) {
        int i = from;
        while (i < end && (message[i] == ' ' || message[i] == '\t')) {
            i++;
        }
        return i == end || message[i] == '\r';
    }

    private int afterLine(int from, int end) {
        int i = from;
        while (i < end && message[i] != '\n') {
            i++;
        }
        return Math.min(i + 1, end);
    }
}
