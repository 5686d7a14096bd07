package org.dkimproxy.standalone.proxy;

import org.dkimproxy.standalone.metrics.MessageEnd;
import org.dkimproxy.standalone.smtp.Reply;

/** Why the proxy does not take a message that was read to its end, other than that it cannot be signed. */
enum Refusal {
    TOO_LARGE,
    NO_SPACE,
    NUL,
    BARE_NEWLINE;

    /** What the client is told. */
    Reply reply() {
        return switch (this) {
            case TOO_LARGE -> Replies.TOO_LARGE;
            case NO_SPACE -> Replies.NO_SPACE;
            case NUL -> Replies.NUL;
            case BARE_NEWLINE -> Replies.BARE_NEWLINE;
        };
    }

    /** What it counts as. */
    MessageEnd end() {
        return switch (this) {
            case TOO_LARGE -> MessageEnd.REFUSED_TOO_LARGE;
            case NO_SPACE -> MessageEnd.REFUSED_NO_SPACE;
            case NUL -> MessageEnd.REFUSED_NUL;
            case BARE_NEWLINE -> MessageEnd.REFUSED_BARE_NEWLINE;
        };
    }
}
