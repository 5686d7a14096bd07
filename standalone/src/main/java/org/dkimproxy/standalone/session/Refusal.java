package org.dkimproxy.standalone.session;

import org.dkimproxy.standalone.metrics.Disposition;
import org.dkimproxy.standalone.smtp.Reply;

/**
 * Why the proxy does not take a message that was read to its end, other than that it cannot be signed.
 *
 * @param reply what the client hears
 * @param disposition what the message counts as
 */
record Refusal(Reply reply, Disposition disposition) {
    static final Refusal TOO_LARGE = new Refusal(Replies.TOO_LARGE, Disposition.REFUSED_TOO_LARGE);
    static final Refusal NO_SPACE = new Refusal(Replies.NO_SPACE, Disposition.REFUSED_NO_SPACE);
    static final Refusal NUL = new Refusal(Replies.NUL, Disposition.REFUSED_NUL);
    static final Refusal BARE_NEWLINE = new Refusal(Replies.BARE_NEWLINE, Disposition.REFUSED_BARE_NEWLINE);
}
