package org.dkimproxy.standalone.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import org.dkimproxy.standalone.access.ClientNetwork;
import org.dkimproxy.standalone.access.ConnectionLimit;
import org.junit.jupiter.api.Test;

class WaitingClientsTest {
    private static final ClientNetwork MANY = ClientNetwork.of(InetAddress.ofLiteral("192.0.2.1"));
    private static final ClientNetwork ONE = ClientNetwork.of(InetAddress.ofLiteral("192.0.2.2"));

    private final ConnectionLimit limit = new ConnectionLimit(1);
    private final WaitingClients waiting = new WaitingClients(limit, Duration.ofDays(1));

    @Test
    void the_first_of_a_preferred_network_comes_first_and_otherwise_the_first() throws Exception {
        AcceptedClient first = add(MANY);
        add(MANY);
        AcceptedClient preferred = add(ONE);

        assertThat(waiting.removeFirst(ONE::equals)).hasValue(preferred);
        assertThat(waiting.removeFirst(ONE::equals)).hasValue(first);
        assertThat(waiting.removeFirst(ONE::equals)).isPresent();
        assertThat(waiting.removeFirst(ONE::equals)).isEmpty();
        assertThat(limit.isExhausted()).isFalse();
    }

    @Test
    void the_latest_of_the_largest_network_makes_room() throws Exception {
        add(MANY);
        assertThat(waiting.hasSeveralNetworks()).isFalse();
        add(ONE);
        AcceptedClient latest = add(MANY);

        assertThat(waiting.hasSeveralNetworks()).isTrue();
        assertThat(waiting.removeOfLargestNetwork()).hasValue(latest);
    }

    @Test
    void a_client_waits_no_longer_than_its_time() throws Exception {
        add(ONE);
        assertThat(waiting.removeExpired()).isEmpty();

        WaitingClients impatient = new WaitingClients(limit, Duration.ZERO);
        impatient.add(new AcceptedClient(SocketChannel.open(), ONE));
        assertThat(impatient.removeExpired()).isPresent();
        assertThat(impatient.isEmpty()).isTrue();
    }

    @Test
    void is_full_at_its_maximum() throws Exception {
        for (int i = 0; i < WaitingClients.MAXIMUM; i++) {
            assertThat(waiting.isFull()).isFalse();
            add(ONE);
        }
        assertThat(waiting.isFull()).isTrue();
    }

    private AcceptedClient add(ClientNetwork network) throws IOException {
        AcceptedClient client = new AcceptedClient(SocketChannel.open(), network);
        waiting.add(client);
        return client;
    }
}
