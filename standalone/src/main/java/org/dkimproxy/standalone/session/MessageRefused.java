package org.dkimproxy.standalone.session;

import java.io.IOException;
import java.util.Optional;
import org.dkimproxy.standalone.smtp.Command;
import org.dkimproxy.standalone.smtp.CommandKind;
import org.dkimproxy.standalone.smtp.Reply;

/**
 * The relay has said 354 and waits for a message that must not come: all that is left is to hang up on it, without a dot
 * and without QUIT, and to tell the client.
 *
 * @param refusal why, for the client
 */
record MessageRefused(Reply refusal) implements SessionState {
    @Override
    public SessionState proceed(Conversation conversation) throws IOException, SessionEnd {
        conversation.relay().close();
        conversation.client().send(refusal);
        Optional<Command> next = conversation.nextCommand();
        if (next.isPresent()) {
            boolean quits = next.get().kind() == CommandKind.QUIT;
            conversation.client().send(quits ? Replies.GOODBYE : Replies.AFTER_REFUSAL);
        }
        return OVER;
    }
}
