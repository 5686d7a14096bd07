package org.dkimproxy.standalone.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.dkimproxy.testkit.SmtpSink;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Clients that hold what others need, and how soon an honest one is served beside them. The time limits under overload
 * are a tenth of the real ones; {@code HostileClientsIT} has the real ones.
 */
@Timeout(60)
class HostileClientsTest {
    private static final Duration LONG = Duration.ofSeconds(50);
    private static final Duration HURRY = Duration.ofSeconds(1);
    private static final int CONNECTIONS = 4;
    private static final String ENVELOPE = "MAIL FROM:<a@example.org>\r\nRCPT TO:<b@example.org>\r\n";
    private static final String LINE = "0123456789".repeat(7) + "\r\n";

    @TempDir
    Path directory;

    /** What a client does with the connection that it holds. */
    enum Attack {
        BURST_THEN_TRICKLE {
            @Override
            void run(TestClient client) throws Exception {
                client.say(ENVELOPE + "DATA\r\n" + LINE.repeat(10_000));
                repeat(client, "x");
            }
        },
        SILENCE {
            @Override
            void run(TestClient client) throws Exception {
                client.rest();
            }
        },
        NOOP {
            @Override
            void run(TestClient client) throws Exception {
                repeat(client, "NOOP\r\n");
            }
        },
        RSET {
            @Override
            void run(TestClient client) throws Exception {
                repeat(client, "RSET\r\n");
            }
        },
        RCPT {
            @Override
            void run(TestClient client) throws Exception {
                client.say("MAIL FROM:<>\r\n");
                repeat(client, "RCPT TO:<b@example.org>\r\n");
            }
        },
        UNKNOWN_COMMANDS {
            @Override
            void run(TestClient client) throws Exception {
                repeat(client, "FOO\r\n");
            }
        },
        REPLIES_NEVER_READ {
            @Override
            void run(TestClient client) throws Exception {
                String many = "EHLO x\r\n".repeat(10_000);
                while (true) {
                    client.say(many);
                }
            }
        };

        abstract void run(TestClient client) throws Exception;

        private static void repeat(TestClient client, String text) throws Exception {
            while (true) {
                Thread.sleep(HURRY.multipliedBy(8).dividedBy(10));
                client.say(text);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Attack.class)
    void an_honest_client_is_served_though_all_connections_are_taken(Attack attack) throws Exception {
        try (SmtpSink relay = SmtpSink.start();
                ProxyUnderTest proxy = ProxyUnderTest.Setup.of(relay.port())
                        .maxSessions(CONNECTIONS)
                        .timeouts(ProxyUnderTest.whenFull(HURRY, LONG))
                        .start();
                Attackers _ = new Attackers(proxy, CONNECTIONS, attack)) {
            Thread.sleep(500);

            assertThat(honestMessage(proxy)).isLessThan(HURRY.multipliedBy(3).dividedBy(2));
        }
    }

    @Test
    void a_message_that_keeps_the_rate_is_not_cut_under_overload() throws Exception {
        try (SmtpSink relay = SmtpSink.start();
                ProxyUnderTest proxy = ProxyUnderTest.Setup.of(relay.port())
                        .maxSessions(1)
                        .timeouts(ProxyUnderTest.whenFull(Duration.ofMillis(300), LONG))
                        .start();
                TestClient slow = proxy.connect();
                TestClient waiting = proxy.connect()) {
            slow.say(ENVELOPE + "DATA\r\n");
            for (int i = 0; i < 30; i++) {
                Thread.sleep(100);
                slow.say(LINE);
            }
            slow.say(".\r\nQUIT\r\n");

            assertThat(slow.rest()).contains("354 End data with <CR><LF>.<CR><LF>\n250 2.0.0 Ok: queued as SINK\n");
            assertThat(waiting.reply()).isEqualTo("220 sink.example.net ESMTP");
        }
    }

    @Test
    void clients_that_said_nothing_give_their_relay_connections_to_others() throws Exception {
        try (SmtpSink relay = SmtpSink.start(SmtpSink.Script.ACCEPT, 2);
                ProxyUnderTest proxy = ProxyUnderTest.Setup.of(relay.port())
                        .timeouts(ProxyUnderTest.whenFull(HURRY, LONG))
                        .start();
                TestClient first = proxy.connect();
                TestClient second = proxy.connect()) {
            assertThat(first.reply() + second.reply()).isEqualTo("220 sink.example.net ESMTP".repeat(2));

            // half of the time until the relay counts as late, and what is left of the time of those that are silent
            assertThat(honestGreeting(proxy)).isLessThan(HURRY.multipliedBy(2));
            assertThat(proxy.log.lines())
                    .anyMatch(line -> line.contains("session with 127.0.0.1 ended: client silent for too long"));
        }
    }

    @Test
    void silent_clients_keep_their_relay_connections_while_the_relay_greets_in_time() throws Exception {
        try (SmtpSink relay = SmtpSink.start(SmtpSink.Script.ACCEPT, 3);
                ProxyUnderTest proxy = ProxyUnderTest.Setup.of(relay.port())
                        .timeouts(ProxyUnderTest.whenFull(Duration.ofMillis(200), LONG))
                        .start();
                TestClient silent = proxy.connect();
                TestClient other = proxy.connect()) {
            assertThat(silent.reply() + other.reply()).isEqualTo("220 sink.example.net ESMTP".repeat(2));
            Thread.sleep(600);

            assertThat(silent.ask("NOOP")).isEqualTo("250 2.0.0 Ok");
        }
    }

    @Test
    void a_message_waits_for_room_in_the_spool_until_trickling_clients_have_gone() throws Exception {
        try (SmtpSink relay = SmtpSink.start();
                ProxyUnderTest proxy = ProxyUnderTest.Setup.of(relay.port())
                        .spool(directory)
                        .spoolBudget(1_000_000)
                        .timeouts(ProxyUnderTest.whenFull(HURRY, LONG))
                        .start();
                Attackers _ = new Attackers(proxy, 1, Attack.BURST_THEN_TRICKLE);
                TestClient honest = proxy.connect()) {
            Thread.sleep(500);
            long begin = System.nanoTime();
            honest.say(ENVELOPE + "DATA\r\n" + LINE.repeat(10_000) + ".\r\nQUIT\r\n");

            assertThat(honest.rest()).contains("354 End data with <CR><LF>.<CR><LF>\n250 2.0.0 Ok: queued as SINK\n");
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(HURRY.multipliedBy(2));
        }
    }

    @Test
    void a_session_with_too_many_commands_without_a_message_ends() throws Exception {
        try (SmtpSink relay = SmtpSink.start();
                ProxyUnderTest proxy = ProxyUnderTest.Setup.of(relay.port()).start();
                TestClient client = proxy.connect()) {
            client.say("FOO\r\n".repeat(25));

            assertThat(client.rest())
                    .isEqualTo("220 sink.example.net ESMTP\n" + "502 5.5.1 Command not implemented\n".repeat(20)
                            + "421 4.7.0 Too many errors, closing connection\n");
            assertThat(proxy.log.lines())
                    .anyMatch(line -> line.endsWith("ended: too many errors or commands without a message"));
        }
    }

    private static Duration honestMessage(ProxyUnderTest proxy) throws IOException {
        long begin = System.nanoTime();
        try (TestClient client = proxy.connect()) {
            client.say(ENVELOPE + "DATA\r\nSubject: x\r\n\r\nx\r\n.\r\nQUIT\r\n");
            assertThat(client.rest())
                    .startsWith("220 sink.example.net ESMTP\n")
                    .contains("354 End data with <CR><LF>.<CR><LF>\n250 2.0.0 Ok: queued as SINK\n");
        }
        return Duration.ofNanos(System.nanoTime() - begin);
    }

    private static Duration honestGreeting(ProxyUnderTest proxy) throws IOException {
        long begin = System.nanoTime();
        try (TestClient client = proxy.connect()) {
            assertThat(client.reply()).isEqualTo("220 sink.example.net ESMTP");
        }
        return Duration.ofNanos(System.nanoTime() - begin);
    }

    /** Clients that all do the same, and connect again as soon as they are disconnected. */
    private static final class Attackers implements AutoCloseable {
        private final List<Thread> threads = new ArrayList<>();
        private volatile boolean over;

        Attackers(ProxyUnderTest proxy, int count, Attack attack) {
            for (int i = 0; i < count; i++) {
                threads.add(Thread.ofVirtual().start(() -> attack(proxy, attack)));
            }
        }

        private void attack(ProxyUnderTest proxy, Attack attack) {
            while (!over) {
                try (TestClient client = proxy.connect()) {
                    client.reply();
                    attack.run(client);
                } catch (Exception _) {
                    // disconnected: once more
                }
            }
        }

        @Override
        public void close() {
            over = true;
            threads.forEach(Thread::interrupt);
        }
    }
}
