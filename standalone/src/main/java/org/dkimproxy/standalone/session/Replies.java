package org.dkimproxy.standalone.session;

import org.dkimproxy.signing.SigningOutcome;
import org.dkimproxy.standalone.log.LogLine;
import org.dkimproxy.standalone.smtp.Reply;

/** The replies that are the proxy's own and not the relay's. */
public final class Replies {
    static final Reply NEXT_HOP_DOWN = Reply.of(421, "Internal error (Next hop is down)");
    static final Reply RELAY_LOST = Reply.of(451, "4.4.2 Connection to the next hop was lost");
    static final Reply INTERNAL_ERROR = Reply.of(421, "4.3.0 Internal error, closing connection");
    /** The proxy stops. */
    public static final Reply STOPPING = Reply.of(421, "4.3.2 Service is stopping, closing connection");
    /** {@code max_servers} is reached. */
    public static final Reply NO_ROOM = Reply.of(421, "4.3.2 Too many sessions, try again later");

    static final Reply TOO_MANY_ERRORS = Reply.of(421, "4.7.0 Too many errors, closing connection");
    static final Reply TIMEOUT = Reply.of(421, "4.4.2 Timeout, closing connection");
    static final Reply AFTER_REFUSAL = Reply.of(421, "4.3.0 Message was refused, closing connection");
    static final Reply GOODBYE = Reply.of(221, "2.0.0 Bye");
    static final Reply NO_COMMAND = Reply.of(500, "5.5.2 Command not recognized");
    static final Reply NOT_IMPLEMENTED = Reply.of(502, "5.5.1 Command not implemented");
    static final Reply NUL = Reply.of(550, "5.6.0 Message contains NUL characters");
    static final Reply BARE_NEWLINE = Reply.of(550, "5.5.2 Message contains a bare CR or LF");
    static final Reply TOO_LARGE = Reply.of(552, "5.3.4 Message size exceeds the limit");
    static final Reply NO_SPACE = Reply.of(452, "4.3.1 Insufficient storage for the message");
    static final Reply SPOOL_LOST = Reply.of(451, "4.3.0 Message was lost before it was sent on");

    private static final int REASON_LENGTH = 400;

    private Replies() {}

    /** After a line that breaks the framing; nothing of the line is repeated. */
    static Reply badSyntax(String reason) {
        return Reply.of(500, "5.5.2 Syntax error: " + reason + ", closing connection");
    }

    /** A message was not signed that should have been. */
    static Reply of(SigningOutcome.Failed failed) {
        String reason = LogLine.of(failed.reason()).replaceAll("[^ -~]", "?");
        String shown = reason.substring(0, Math.min(REASON_LENGTH, reason.length()));
        return switch (failed.kind()) {
            case TEMPORARY -> Reply.of(450, "DKIM - temperror (" + shown + ")");
            case PERMANENT -> Reply.of(550, "DKIM - permerror (" + shown + ")");
        };
    }
}
