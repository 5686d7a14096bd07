package org.dkimproxy.standalone.proxy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Optional;
import org.dkimproxy.standalone.access.AddressText;
import org.dkimproxy.standalone.metrics.TurnedAway;

/** Decides which clients come in, and tells those that may not now. */
final class Door {
    private final SessionContext context;
    private final Admission admission;

    Door(SessionContext context, Admission admission) {
        this.context = context;
        this.admission = admission;
    }

    /**
     * Lets a client in or turns it away. Who is let in is counted, and has to be counted out by {@link Admission#leave}.
     *
     * @throws IOException if the client is gone and cannot be told
     */
    boolean letIn(Socket socket) throws IOException {
        InetAddress client = socket.getInetAddress();
        Optional<String> refusal = refusal(client);
        if (refusal.isPresent()) {
            context.log().notice("connection refused from " + AddressText.of(client) + ": " + refusal.get());
            context.metrics().clientTurnedAway(TurnedAway.ACCESS);
            return false;
        }
        int limit = context.settings().limits().sessionsPerClient();
        if (!admission.enter(client, limit)) {
            context.log()
                    .notice("connection refused from " + AddressText.of(client) + ": it has " + limit
                            + " sessions (max_servers_per_client)");
            turnAway(socket, TurnedAway.MAX_SERVERS_PER_CLIENT);
            return false;
        }
        return true;
    }

    /** Turns away a client for which no place became free; one that may not connect hears nothing. */
    void turnAwayForLackOfPlaces(Socket socket) {
        boolean allowed = refusal(socket.getInetAddress()).isEmpty();
        try {
            turnAway(socket, allowed ? TurnedAway.MAX_SERVERS : TurnedAway.ACCESS);
        } catch (IOException e) {
            context.log().debug("client gone before it was sent away: " + e.getMessage());
        }
    }

    private void turnAway(Socket socket, TurnedAway reason) throws IOException {
        context.metrics().clientTurnedAway(reason);
        if (reason != TurnedAway.ACCESS) {
            socket.getOutputStream().write(Replies.NO_ROOM.toBytes());
        }
    }

    private Optional<String> refusal(InetAddress client) {
        return context.settings().access().refusal(client);
    }
}
