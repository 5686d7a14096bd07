package org.dkimproxy.standalone.session;

import org.dkimproxy.standalone.smtp.Reply;

/** A session ends in the middle, with this reply as the last thing the client hears. */
final class SessionEnd extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient Reply farewell;

    SessionEnd(Reply farewell, String reason) {
        super(reason);
        this.farewell = farewell;
    }

    Reply farewell() {
        return farewell;
    }
}
