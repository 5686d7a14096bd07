package org.dkimproxy.standalone.session;

import java.io.IOException;
import java.util.Optional;
import org.dkimproxy.standalone.smtp.Command;
import org.dkimproxy.standalone.smtp.Reply;

/**
 * After AUTH, until the relay says anything but 334: lines with any content go in both directions, and are nobody's
 * business (RFC 4954 section 4).
 *
 * @param reply the relay's last, not yet passed to the client
 */
record Authentication(Reply reply) implements SessionState {
    private static final int CHALLENGE = 334;

    static SessionState begin(Command command, Conversation conversation) throws IOException {
        return ask(command.line(), conversation);
    }

    @Override
    public SessionState proceed(Conversation conversation) throws IOException, SessionEnd {
        if (reply.code() != CHALLENGE) {
            return conversation.passFinal(reply);
        }
        conversation.client().send(reply);
        Optional<byte[]> answer = conversation.nextAuthLine();
        if (answer.isEmpty()) {
            return OVER;
        }
        conversation.expectSilentRelay();
        return ask(answer.get(), conversation);
    }

    private static SessionState ask(byte[] line, Conversation conversation) throws IOException {
        return new Authentication(
                conversation.relay().exchange(line, conversation.timeouts().command()));
    }
}
