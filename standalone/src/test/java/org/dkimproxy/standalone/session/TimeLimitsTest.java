package org.dkimproxy.standalone.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each wait has its own limit, and no trickle of octets moves it. */
@Timeout(60)
class TimeLimitsTest {
    private static final String LOST = "451 4.4.2 Connection to the next hop was lost\n";
    private static final Duration SHORT = Duration.ofMillis(400);
    private static final int MOST_TRICKLED = 400;
    private static final Duration LONG = Duration.ofSeconds(50);

    @Test
    void limits_are_those_of_rfc_5321() {
        Timeouts standard = Timeouts.STANDARD;

        assertThat(standard.connect()).hasSeconds(30);
        assertThat(standard.greeting()).hasMinutes(5);
        assertThat(standard.command()).hasMinutes(5);
        assertThat(standard.data()).hasMinutes(2);
        assertThat(standard.block()).hasMinutes(3);
        assertThat(standard.finalDot()).hasMinutes(10);
        assertThat(standard.client()).hasMinutes(5);
    }

    /** The relay goes silent after so many replies; of all limits only the one that is meant is short. */
    @ParameterizedTest
    @CsvSource({"greeting,0", "command,1", "data,3", "finalDot,4"})
    void relay_that_is_silent_for_too_long_is_given_up(String limit, int replies) throws Exception {
        String[] script = {"220 relay", "250 mail", "250 rcpt", "354 go"};
        try (ScriptedRelay relay = new ScriptedRelay(line -> {
                    for (int i = 0; i < replies; i++) {
                        line.say(script[i]).hear("\r\n");
                    }
                });
                ProxyUnderTest proxy = ProxyUnderTest.Setup.of(relay)
                        .timeouts(onlyShort(limit))
                        .start();
                TestClient client = proxy.connect()) {
            client.say("MAIL FROM:<>\r\nRCPT TO:<b@example.org>\r\nDATA\r\nx\r\n.\r\n");

            assertThat(client.rest())
                    .endsWith(limit.equals("greeting") ? "421 Internal error (Next hop is down)\n" : LOST);
        }
    }

    @ParameterizedTest
    @CsvSource(
            value = {
                "command     | ''",
                "auth answer | 'AUTH LOGIN\\r\\n'",
            },
            delimiter = '|')
    void trickling_line_has_one_deadline(String what, String before) throws Exception {
        try (ScriptedRelay relay =
                        new ScriptedRelay(line -> line.say("220 relay").answer("334 VXNlcm5hbWU6"));
                ProxyUnderTest proxy = ProxyUnderTest.Setup.of(relay)
                        .timeouts(onlyShort("client"))
                        .start();
                TestClient client = proxy.connect()) {
            client.say(before.translateEscapes());

            assertThat(restOfTrickling(client)).as(what).endsWith("421 4.4.2 Timeout, closing connection\n");
        }
    }

    @Test
    void trickling_message_has_to_keep_to_the_least_rate() throws Exception {
        Timeouts fast = new Timeouts(LONG, LONG, LONG, LONG, LONG, LONG, SHORT, LONG, LONG, SHORT, SHORT, 1_000);
        try (ScriptedRelay relay = new ScriptedRelay(ScriptedRelay.Line::upToData);
                ProxyUnderTest proxy =
                        ProxyUnderTest.Setup.of(relay).timeouts(fast).start();
                TestClient client = proxy.connect()) {
            client.say("MAIL FROM:<>\r\nRCPT TO:<b@example.org>\r\nDATA\r\n");

            assertThat(restOfTrickling(client)).endsWith("354 go\n421 4.4.2 Timeout, closing connection\n");
            assertThat(relay.received()).endsWith("DATA\r\n");
        }
    }

    @Test
    void message_above_the_least_rate_may_take_longer_than_one_time_limit() throws Exception {
        Timeouts slow = new Timeouts(LONG, LONG, LONG, LONG, LONG, LONG, SHORT, LONG, LONG, SHORT, SHORT, 1);
        try (ScriptedRelay relay = new ScriptedRelay(line -> line.upToData().takeMessage("250 queued"));
                ProxyUnderTest proxy =
                        ProxyUnderTest.Setup.of(relay).timeouts(slow).start();
                TestClient client = proxy.connect()) {
            client.say("MAIL FROM:<>\r\nRCPT TO:<b@example.org>\r\nDATA\r\n");
            for (int i = 0; i < 8; i++) {
                client.say("01234567\r\n");
                Thread.sleep(100);
            }
            client.say(".\r\n").endOutput();

            assertThat(client.rest()).endsWith("250 queued\n");
        }
    }

    @Test
    void what_has_come_is_read_though_the_time_is_over() throws Exception {
        Timeouts none =
                new Timeouts(LONG, LONG, LONG, LONG, LONG, LONG, Duration.ZERO, Duration.ZERO, LONG, SHORT, SHORT, 128);
        try (ScriptedRelay relay = new ScriptedRelay(line -> {
                    pause();
                    line.upToData().takeMessage("250 queued");
                });
                ProxyUnderTest proxy =
                        ProxyUnderTest.Setup.of(relay).timeouts(none).start();
                TestClient client = proxy.connect()) {
            client.say("MAIL FROM:<>\r\nRCPT TO:<b@example.org>\r\nDATA\r\nx\r\n.\r\n");

            assertThat(client.rest()).contains("250 queued\n").endsWith("421 4.4.2 Timeout, closing connection\n");
        }
    }

    /** Until all that the client says at once has come. */
    private static void pause() {
        try {
            Thread.sleep(200);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Timeouts onlyShort(String limit) {
        return new Timeouts(
                LONG,
                limit.equals("greeting") ? SHORT : LONG,
                limit.equals("command") ? SHORT : LONG,
                limit.equals("data") ? SHORT : LONG,
                LONG,
                limit.equals("finalDot") ? SHORT : LONG,
                limit.equals("client") ? SHORT : LONG,
                LONG,
                LONG,
                Duration.ofMillis(300),
                Duration.ofMillis(30),
                128);
    }

    /** What a client hears that sends an octet now and then, never a line end, and is cut while it still does. */
    private static String restOfTrickling(TestClient client) throws Exception {
        AtomicInteger sent = new AtomicInteger();
        Thread trickle = Thread.ofVirtual().start(() -> {
            try {
                while (sent.incrementAndGet() < MOST_TRICKLED) {
                    client.say("x");
                    Thread.sleep(50);
                }
            } catch (IOException | InterruptedException _) {
                // the proxy has had enough
            }
        });
        try {
            String heard = client.rest();
            assertThat(sent.get()).isLessThan(MOST_TRICKLED);
            return heard;
        } finally {
            trickle.interrupt();
        }
    }
}
