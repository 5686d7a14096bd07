package org.dkimproxy.standalone.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.dkimproxy.standalone.session.ProxyUnderTest;
import org.dkimproxy.standalone.session.ScriptedRelay;
import org.dkimproxy.standalone.session.TestClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ListenerTest {
    @Test
    void idle_sessions_are_told_at_the_end() throws Exception {
        try (ScriptedRelay relay = new ScriptedRelay(line -> line.say("220 relay"));
                ProxyUnderTest proxy = ProxyUnderTest.Setup.of(relay).start();
                TestClient client = proxy.connect()) {
            client.reply();
            assertThat(proxy.stop(Duration.ofSeconds(20))).isTrue();

            assertThat(client.rest()).isEqualTo("421 4.3.2 Service is stopping, closing connection\n");
            assertThat(proxy.stop(Duration.ofSeconds(1))).isFalse();
            assertThatThrownBy(proxy::connect).isInstanceOf(IOException.class);
        }
    }

    @Test
    void client_in_the_middle_of_a_command_is_told_at_the_end() throws Exception {
        try (ScriptedRelay relay = new ScriptedRelay(line -> line.say("220 relay"));
                ProxyUnderTest proxy = ProxyUnderTest.Setup.of(relay).start();
                TestClient client = proxy.connect()) {
            client.reply();
            client.say("NOO");
            proxy.stop(Duration.ofSeconds(20));

            assertThat(client.rest()).isEqualTo("421 4.3.2 Service is stopping, closing connection\n");
        }
    }

    @Test
    void message_whose_dot_did_not_come_is_not_delivered_at_the_end() throws Exception {
        try (ScriptedRelay relay = new ScriptedRelay(ScriptedRelay.Line::upToData);
                ProxyUnderTest proxy = ProxyUnderTest.Setup.of(relay).start();
                TestClient client = proxy.connect()) {
            client.say("MAIL FROM:<>\r\nRCPT TO:<b@example.org>\r\nDATA\r\n");
            for (int i = 0; i < 4; i++) {
                client.reply();
            }
            client.say("x\r\n");
            proxy.stop(Duration.ofMillis(100));

            assertThat(relay.received()).endsWith("DATA\r\n");
        }
    }

    @Test
    void client_in_the_middle_of_a_message_is_told_when_its_time_is_over() throws Exception {
        try (ScriptedRelay relay = new ScriptedRelay(ScriptedRelay.Line::upToData);
                ProxyUnderTest proxy = ProxyUnderTest.Setup.of(relay).start();
                TestClient client = proxy.connect()) {
            client.say("MAIL FROM:<>\r\nRCPT TO:<b@example.org>\r\nDATA\r\n");
            for (int i = 0; i < 4; i++) {
                client.reply();
            }
            client.say("x\r\n");
            proxy.stop(Duration.ofMillis(100), Duration.ofSeconds(20));

            assertThat(client.rest()).isEqualTo("421 4.3.2 Service is stopping, closing connection\n");
            assertThat(relay.received()).endsWith("DATA\r\n");
            assertThat(proxy.log.lines()).noneMatch(line -> line.contains("cut at the end"));
        }
    }

    @Test
    void message_under_way_is_finished_at_the_end() throws Exception {
        CountDownLatch dotHeard = new CountDownLatch(1);
        CountDownLatch stopping = new CountDownLatch(1);
        try (ScriptedRelay relay = new ScriptedRelay(line -> {
                    line.upToData().hear("\r\n.\r\n");
                    dotHeard.countDown();
                    await(stopping);
                    line.say("250 queued");
                });
                ProxyUnderTest proxy = ProxyUnderTest.Setup.of(relay).start();
                TestClient client = proxy.connect()) {
            client.say("MAIL FROM:<>\r\nRCPT TO:<b@example.org>\r\nDATA\r\nx\r\n.\r\n");
            await(dotHeard);
            Thread stop = Thread.ofVirtual().start(() -> proxy.stop(Duration.ofSeconds(20)));
            stopping.countDown();

            assertThat(client.rest()).endsWith("250 queued\n421 4.3.2 Service is stopping, closing connection\n");
            stop.join();
        }
    }

    @Test
    void sessions_that_do_not_end_are_cut_at_the_deadline() throws Exception {
        CountDownLatch dotHeard = new CountDownLatch(1);
        try (ScriptedRelay relay = new ScriptedRelay(line -> {
                    line.upToData().hear("\r\n.\r\n");
                    dotHeard.countDown();
                });
                ProxyUnderTest proxy = ProxyUnderTest.Setup.of(relay).start();
                TestClient client = proxy.connect()) {
            client.say("MAIL FROM:<>\r\nRCPT TO:<b@example.org>\r\nDATA\r\nx\r\n.\r\n");
            await(dotHeard);
            proxy.stop(Duration.ofMillis(100));

            assertThat(proxy.log.lines()).contains("warning sessions cut at the end: 1");
        }
    }

    @Test
    void clients_over_the_limit_wait_for_their_turn() throws Exception {
        try (ServerSocket relay = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
                ProxyUnderTest proxy = ProxyUnderTest.Setup.of(relay.getLocalPort())
                        .maxSessions(1)
                        .start();
                TestClient first = proxy.connect();
                Socket toRelay = relay.accept();
                TestClient second = proxy.connect()) {
            toRelay.getOutputStream().write("220 first\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            assertThat(first.reply()).isEqualTo("220 first");
            relay.setSoTimeout(300);
            assertThatThrownBy(relay::accept).isInstanceOf(java.net.SocketTimeoutException.class);

            first.leave();
            relay.setSoTimeout(20_000);
            try (Socket next = relay.accept()) {
                next.getOutputStream().write("220 second\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
                assertThat(second.reply()).isEqualTo("220 second");
            }
        }
    }

    @Test
    void relay_that_does_not_read_is_given_up() throws Exception {
        try (ScriptedRelay relay = new ScriptedRelay(line -> {
                    line.upToData();
                    await(new CountDownLatch(1), 5);
                });
                ProxyUnderTest proxy = ProxyUnderTest.Setup.of(relay)
                        .timeouts(ProxyUnderTest.allWithin(Duration.ofSeconds(1)))
                        .start();
                TestClient client = proxy.connect()) {
            client.say("MAIL FROM:<>\r\nRCPT TO:<b@example.org>\r\nDATA\r\n");
            client.say("0123456789\r\n".repeat(1_500_000) + ".\r\n");

            assertThat(client.rest()).endsWith("354 go\n451 4.4.2 Connection to the next hop was lost\n");
        }
    }

    private static void await(CountDownLatch latch) {
        await(latch, 20);
    }

    private static void await(CountDownLatch latch, int seconds) {
        try {
            latch.await(seconds, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
