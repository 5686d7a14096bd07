package org.dkimproxy.standalone.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import org.dkimproxy.standalone.access.ClientNetwork;
import org.dkimproxy.standalone.smtp.Reply;

/**
 * A client whose connection was accepted.
 *
 * @param channel the connection, in blocking mode
 * @param network what its connections are counted by
 */
record AcceptedClient(SocketChannel channel, ClientNetwork network) {
    static AcceptedClient of(SocketChannel channel) {
        return new AcceptedClient(channel, ClientNetwork.of(channel.socket().getInetAddress()));
    }

    InetAddress address() {
        return socket().getInetAddress();
    }

    Socket socket() {
        return channel.socket();
    }

    /**
     * Says this and closes.
     *
     * @throws IOException if the client is gone
     */
    void reject(Reply reply) throws IOException {
        try (Socket socket = socket()) {
            socket.getOutputStream().write(reply.toBytes());
        }
    }
}
