package org.dkimproxy.standalone.session;

import java.io.IOException;
import org.dkimproxy.standalone.access.AddressText;
import org.dkimproxy.standalone.access.ClientNetwork;
import org.dkimproxy.standalone.smtp.Reply;

/**
 * The client of a session: its address, and the replies to it.
 *
 * @param trace is shown all that is said
 */
record Client(Connection connection, ConversationTrace trace) {
    /** Its address in digits. */
    String address() {
        return AddressText.of(connection.peer());
    }

    /** What its connections and messages are counted by. */
    ClientNetwork network() {
        return ClientNetwork.of(connection.peer());
    }

    void send(Reply reply) throws IOException {
        trace.toClient(reply);
        connection.send(reply.toBytes());
    }
}
