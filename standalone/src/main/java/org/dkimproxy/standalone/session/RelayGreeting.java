package org.dkimproxy.standalone.session;

import java.io.IOException;
import org.dkimproxy.standalone.smtp.Reply;

/**
 * At the beginning: the client is greeted by the relay, in the relay's words (RFC 5321 section 3.1).
 *
 * @param relayWait closed once the relay has greeted
 */
record RelayGreeting(Overload.RelayWait relayWait) implements SessionState {
    @Override
    public SessionState proceed(Conversation conversation) throws IOException {
        Reply greeting = conversation.relay().greeting(conversation.timeouts().greeting());
        relayWait.close();
        return conversation.pass(greeting);
    }
}
