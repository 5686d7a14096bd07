package org.dkimproxy.standalone.proxy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import org.dkimproxy.standalone.log.Faults;

/**
 * Accepts the clients that wait, turns away those who may not come in, and gives each other one a session on a virtual thread
 * of its own.
 */
final class Sessions {
    private final ListeningSockets sockets;
    private final Admission admission;
    private final Connections connections;
    private final SessionContext context;
    private final Door door;

    Sessions(ListeningSockets sockets, Admission admission, Connections connections, SessionContext context) {
        this.sockets = sockets;
        this.admission = admission;
        this.connections = connections;
        this.context = context;
        this.door = new Door(context, admission);
    }

    /** Gives the place that was taken to the next client, or back if there is none. */
    void beginNext() throws IOException {
        boolean handedOver = false;
        Optional<SocketChannel> client = Optional.empty();
        try {
            client = sockets.accept();
            if (client.isPresent()) {
                Socket socket = client.get().socket();
                Thread.ofVirtual()
                        .name("session")
                        .uncaughtExceptionHandler(
                                (_, fault) -> context.log().error("session lost: " + Faults.describe(fault)))
                        .start(() -> serve(socket));
                handedOver = true;
            }
        } finally {
            if (!handedOver) {
                admission.leavePlace();
                if (client.isPresent()) {
                    client.get().close();
                }
            }
        }
    }

    /** No place has become free for a long time: whoever waits is better told than left waiting (RFC 5321 section 3.8). */
    void turnAwayWaiting() throws IOException {
        int count = 0;
        while (count < ListeningSockets.BACKLOG) {
            Optional<SocketChannel> client = sockets.accept();
            if (client.isEmpty()) {
                break;
            }
            try (Socket socket = client.get().socket()) {
                door.turnAwayForLackOfPlaces(socket);
            }
            count++;
        }
        if (count > 0) {
            context.log().warning("clients sent away: " + count + ", since all places are taken (max_servers)");
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            InetAddress client = socket.getInetAddress();
            if (!door.letIn(socket)) {
                return;
            }
            context.metrics().sessionBegan();
            try {
                Transport transport = new SocketTransport(socket);
                Session.run(new Connection(transport, context.timeouts().block(), connections), context);
            } finally {
                context.metrics().sessionEnded();
                admission.leave(client);
            }
        } catch (IOException e) {
            context.log().debug("client gone at once: " + e.getMessage());
        } finally {
            admission.leavePlace();
        }
    }
}
