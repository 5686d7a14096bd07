package org.dkimproxy.testkit;

import java.util.ArrayList;
import java.util.List;

/** The replies of a server that accepts everything. */
final class Replies {
    private Replies() {}

    static String accepting(SmtpSink.Event event, List<String> keywords) {
        return switch (event.verb()) {
            case "CONNECT" -> "220 sink.example.net ESMTP";
            case "EHLO" -> ehlo(keywords);
            case "HELO" -> "250 sink.example.net";
            case "DATA" -> "354 End data with <CR><LF>.<CR><LF>";
            case "." -> "250 2.0.0 Ok: queued as SINK";
            case "QUIT" -> "221 2.0.0 Bye";
            case "MAIL", "RCPT", "RSET", "NOOP", "XFORWARD" -> "250 2.0.0 Ok";
            case "XCLIENT" -> "220 sink.example.net ESMTP";
            default -> "502 5.5.2 Error: command not recognized";
        };
    }

    private static String ehlo(List<String> keywords) {
        List<String> lines = new ArrayList<>();
        lines.add("sink.example.net");
        lines.addAll(keywords);
        StringBuilder reply = new StringBuilder();
        for (int i = 0; i < lines.size(); i++) {
            boolean last = i == lines.size() - 1;
            reply.append(last ? "250 " : "250-").append(lines.get(i)).append(last ? "" : "\r\n");
        }
        return reply.toString();
    }
}
