package org.dkimproxy.standalone.proxy;

import org.dkimproxy.standalone.metrics.MessageEnd;
import org.dkimproxy.standalone.smtp.Reply;

/** Why the proxy does not take a message that was read to its end, other than that it cannot be signed. */
enum Refusal {
    TOO_LARGE(Replies.TOO_LARGE, MessageEnd.REFUSED_TOO_LARGE),
    NO_SPACE(Replies.NO_SPACE, MessageEnd.REFUSED_NO_SPACE),
    NUL(Replies.NUL, MessageEnd.REFUSED_NUL),
    BARE_NEWLINE(Replies.BARE_NEWLINE, MessageEnd.REFUSED_BARE_NEWLINE);

    private final Reply reply;
    private final MessageEnd end;

    Refusal(Reply reply, MessageEnd end) {
        this.reply = reply;
        this.end = end;
    }

    /** What the client is told. */
    Reply reply() {
        return reply;
    }

    /** What it counts as. */
    MessageEnd end() {
        return end;
    }
}
