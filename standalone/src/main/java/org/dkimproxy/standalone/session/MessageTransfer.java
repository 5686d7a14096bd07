package org.dkimproxy.standalone.session;

import java.io.IOException;
import org.dkimproxy.standalone.smtp.Reply;

/**
 * After the relay's 354: a {@link Transaction} transfers the message.
 *
 * @param startInput the relay's 354, not yet passed to the client
 */
record MessageTransfer(Reply startInput) implements SessionState {
    @Override
    public SessionState proceed(Conversation conversation) throws IOException, SessionEnd {
        try (Transaction transaction = new Transaction(conversation)) {
            return transaction.transfer(startInput);
        }
    }
}
