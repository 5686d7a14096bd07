package org.dkimproxy.standalone.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.dkimproxy.standalone.metrics.HttpConnection.Phase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class HttpConnectionsTest {
    private static final Duration OLD = Duration.ofSeconds(1);

    private final HttpConnections connections = new HttpConnections(2, HttpTimeouts.DEFAULT.grace());
    private final List<HttpConnection> all = new ArrayList<>();

    @AfterEach
    void close() throws IOException {
        for (HttpConnection each : all) {
            each.close();
        }
    }

    private HttpConnection add(Duration wait, Phase phase) throws Exception {
        HttpConnection connection = new HttpConnection(SocketChannel.open(), System.nanoTime() - OLD.toNanos());
        connection.enter(phase, System.nanoTime() - wait.toNanos());
        all.add(connection);
        connections.add(connection);
        return connection;
    }

    private static boolean isOpen(HttpConnection connection) {
        return connection.channel().isOpen();
    }

    @Test
    void the_oldest_without_a_request_makes_room() throws Exception {
        HttpConnection responding = add(OLD, Phase.RESPONSE);
        HttpConnection silent = add(OLD, Phase.REQUEST);
        HttpConnection next = add(Duration.ZERO, Phase.REQUEST);

        assertThat(isOpen(silent)).isFalse();
        assertThat(isOpen(responding)).isTrue();
        assertThat(isOpen(next)).isTrue();
    }

    @Test
    void then_the_oldest_that_does_not_take_its_response() throws Exception {
        HttpConnection paging = add(OLD, Phase.PAGE);
        HttpConnection responding = add(OLD, Phase.RESPONSE);
        HttpConnection next = add(Duration.ZERO, Phase.REQUEST);

        assertThat(isOpen(responding)).isFalse();
        assertThat(isOpen(paging)).isTrue();
        assertThat(isOpen(next)).isTrue();
    }

    @Test
    void a_client_that_has_just_been_waited_for_is_left_alone_for_a_while() throws Exception {
        HttpConnection first = add(Duration.ZERO, Phase.RESPONSE);
        HttpConnection second = add(Duration.ofDays(1).negated(), Phase.RESPONSE);
        long begin = System.nanoTime();
        add(Duration.ZERO, Phase.REQUEST);

        assertThat(System.nanoTime() - begin)
                .isGreaterThan(Duration.ofMillis(50).toNanos());
        assertThat(isOpen(first)).isFalse();
        assertThat(isOpen(second)).isTrue();
    }

    @Test
    void a_connection_that_was_served_makes_room_at_once() throws Exception {
        HttpConnection first = add(OLD, Phase.PAGE);
        add(OLD, Phase.PAGE);
        Thread remover = Thread.ofVirtual().start(() -> {
            try {
                Thread.sleep(20);
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
            connections.remove(first);
        });
        add(Duration.ZERO, Phase.REQUEST);

        assertThat(remover.join(Duration.ofSeconds(5))).isTrue();
        assertThat(all).allMatch(HttpConnectionsTest::isOpen);
    }
}
