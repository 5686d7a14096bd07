package org.dkimproxy.standalone.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.dkimproxy.testkit.SmtpSink;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What becomes of clients when there are too many of them. */
@Timeout(60)
class FullProxyTest {
    private static final String SENT_AWAY = "421 4.3.2 Too many sessions, try again later\n";
    private static final Duration LONG = Duration.ofSeconds(15);
    private static final Duration SHORT = Duration.ofMillis(400);

    @Test
    void clients_of_one_address_have_a_share_of_their_own() throws Exception {
        try (SmtpSink relay = SmtpSink.start();
                ProxyUnderTest proxy = ProxyUnderTest.Setup.of(relay.port())
                        .maxSessionsPerClient(2)
                        .start();
                TestClient first = proxy.connect();
                TestClient second = proxy.connect()) {
            assertThat(first.reply()).isEqualTo("220 sink.example.net ESMTP");
            assertThat(second.reply()).isEqualTo("220 sink.example.net ESMTP");
            try (TestClient third = proxy.connect()) {
                assertThat(third.rest()).isEqualTo(SENT_AWAY);
            }
            try (TestClient other = TestClient.from(InetAddress.getByName("127.0.0.2"), proxy.port(0))) {
                assertThat(other.reply()).isEqualTo("220 sink.example.net ESMTP");
            }
            assertThat(proxy.log.lines())
                    .contains("notice connection refused from 127.0.0.1: it has 2 sessions (max_servers_per_client)");

            first.leave();
            assertThat(firstGreeting(proxy)).isEqualTo("220 sink.example.net ESMTP");
        }
    }

    @Test
    void who_has_quit_gives_its_place_back_though_it_stays_connected() throws Exception {
        Timeouts longFarewell =
                new Timeouts(LONG, LONG, LONG, LONG, LONG, LONG, LONG, LONG, Duration.ofSeconds(2), LONG, SHORT, 128);
        try (SmtpSink relay = SmtpSink.start();
                ProxyUnderTest proxy = ProxyUnderTest.Setup.of(relay.port())
                        .maxSessions(1)
                        .timeouts(longFarewell)
                        .start();
                TestClient first = proxy.connect()) {
            assertThat(first.reply()).isEqualTo("220 sink.example.net ESMTP");
            assertThat(first.ask("QUIT")).isEqualTo("221 2.0.0 Bye");
            try (TestClient second = proxy.connect()) {
                assertThat(second.reply()).isEqualTo("220 sink.example.net ESMTP");
            }
        }
    }

    @Test
    void who_waits_for_a_place_in_vain_is_told() throws Exception {
        try (SmtpSink relay = SmtpSink.start();
                ProxyUnderTest proxy = ProxyUnderTest.Setup.of(relay.port())
                        .maxSessions(1)
                        .timeouts(ProxyUnderTest.whenFull(LONG, SHORT))
                        .start();
                TestClient first = proxy.connect()) {
            assertThat(first.reply()).isEqualTo("220 sink.example.net ESMTP");
            try (TestClient second = proxy.connect();
                    TestClient third = proxy.connect()) {
                assertThat(second.rest()).isEqualTo(SENT_AWAY);
                assertThat(third.rest()).isEqualTo(SENT_AWAY);
            }
            assertThat(first.ask("NOOP")).isEqualTo("250 2.0.0 Ok");
        }
    }

    @Test
    void silent_and_trickling_clients_make_room_for_others_when_it_is_full() throws Exception {
        int places = 6;
        List<TestClient> idlers = new ArrayList<>();
        List<Thread> tricklers = new ArrayList<>();
        try (SmtpSink relay = SmtpSink.start();
                ProxyUnderTest proxy = ProxyUnderTest.Setup.of(relay.port())
                        .maxSessions(places)
                        .timeouts(ProxyUnderTest.whenFull(SHORT, LONG))
                        .start()) {
            // three times as many as there are places, a third of each kind
            for (int i = 0; i < places; i++) {
                idlers.add(proxy.connect());
                TestClient inCommand = proxy.connect();
                tricklers.add(trickle(inCommand, ""));
                idlers.add(inCommand);
                TestClient inMessage = proxy.connect();
                tricklers.add(trickle(inMessage, "DATA\r\n"));
                idlers.add(inMessage);
            }
            try (TestClient client = proxy.connect()) {
                assertThat(client.reply()).isEqualTo("220 sink.example.net ESMTP");
                assertThat(client.ask("DATA")).startsWith("354 ");
                assertThat(client.ask("x\r\n.")).isEqualTo("250 2.0.0 Ok: queued as SINK");
            }
        } finally {
            tricklers.forEach(Thread::interrupt);
            for (TestClient idler : idlers) {
                idler.close();
            }
        }
    }

    @Test
    void silent_clients_may_stay_as_long_as_there_are_free_places() throws Exception {
        try (SmtpSink relay = SmtpSink.start();
                ProxyUnderTest proxy = ProxyUnderTest.Setup.of(relay.port())
                        .maxSessions(2)
                        .timeouts(ProxyUnderTest.whenFull(Duration.ofMillis(100), LONG))
                        .start();
                TestClient client = proxy.connect()) {
            client.reply();
            Thread.sleep(500);

            assertThat(client.ask("NOOP")).isEqualTo("250 2.0.0 Ok");
        }
    }

    @Test
    void silent_clients_may_stay_as_long_as_nobody_waits() throws Exception {
        try (SmtpSink relay = SmtpSink.start();
                ProxyUnderTest proxy = ProxyUnderTest.Setup.of(relay.port())
                        .maxSessions(1)
                        .timeouts(ProxyUnderTest.whenFull(Duration.ofMillis(100), LONG))
                        .start();
                TestClient client = proxy.connect()) {
            client.reply();
            Thread.sleep(500);

            assertThat(client.ask("NOOP")).isEqualTo("250 2.0.0 Ok");
        }
    }

    /** The first client that is not sent away; places are given back a moment after their clients have left. */
    private static String firstGreeting(ProxyUnderTest proxy) throws IOException {
        String greeting = SENT_AWAY;
        for (int i = 0; i < 1000 && greeting.startsWith("421"); i++) {
            try (TestClient client = proxy.connect()) {
                greeting = client.reply();
            }
        }
        return greeting;
    }

    /** Sends an octet now and then, for as long as anybody listens. */
    private static Thread trickle(TestClient client, String first) {
        return Thread.ofVirtual().start(() -> {
            try {
                client.say(first);
                while (true) {
                    client.say("x");
                    Thread.sleep(50);
                }
            } catch (IOException | InterruptedException _) {
                // sent away, or the test is over
            }
        });
    }
}
