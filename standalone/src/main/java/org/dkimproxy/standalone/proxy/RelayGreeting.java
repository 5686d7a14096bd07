package org.dkimproxy.standalone.proxy;

import java.io.IOException;

/** At the beginning: the client is greeted by the relay, in the relay's words (RFC 5321 section 3.1). */
record RelayGreeting() implements SessionState {
    @Override
    public SessionState proceed(Conversation conversation) throws IOException {
        return conversation.pass(
                conversation.relay().greeting(conversation.timeouts().greeting()));
    }
}
