package org.dkimproxy.standalone.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Lines that try to be two, or too much, in both directions. */
@Timeout(60)
class FramingTest {
    private static final String LOST = "451 4.4.2 Connection to the next hop was lost\n";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "MAIL FROM:<a@example.org>\\nRCPT TO:<victim@example.org>\\r\\n",
                "MAIL FROM:<a@example.org\\rRCPT TO:<victim@example.org>\\r\\n",
                "MAIL FROM:<a@example.org>\\r\\r\\n",
                "MAIL FROM:<a\\0@example.org>\\r\\n",
                "RCPT TO:<b@example.org>\\n.\\nMAIL FROM:<c@example.org>\\r\\n",
                "AUTH PLAIN AHgA\\nMAIL FROM:<c@example.org>\\r\\n",
                "AUTH PLAIN AHgA\\0\\r\\n",
            })
    void command_that_holds_another_one_reaches_the_relay_in_no_form(String command) throws Exception {
        try (ScriptedRelay relay = new ScriptedRelay(line -> line.say("220 relay"));
                ProxyUnderTest proxy = ProxyUnderTest.Setup.of(relay).start();
                TestClient client = proxy.connect()) {
            client.say(command.translateEscapes());

            assertThat(client.rest()).startsWith("220 relay\n500 5.5.2 Syntax error: ");
            assertThat(relay.received()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"dXNlcg==\\nMAIL FROM:<>\\r\\n", "dXNl\\rcg==\\r\\n", "dXNl\\0\\r\\n"})
    void answer_to_a_challenge_that_holds_another_line_reaches_the_relay_in_no_form(String answer) throws Exception {
        try (ScriptedRelay relay =
                        new ScriptedRelay(line -> line.say("220 relay").answer("334 VXNlcm5hbWU6"));
                ProxyUnderTest proxy = ProxyUnderTest.Setup.of(relay).start();
                TestClient client = proxy.connect()) {
            client.say("AUTH LOGIN\r\n" + answer.translateEscapes());

            assertThat(client.rest()).startsWith("220 relay\n334 VXNlcm5hbWU6\n500 5.5.2 Syntax error: ");
            assertThat(relay.received()).isEqualTo("AUTH LOGIN\r\n");
        }
    }

    @ParameterizedTest
    @CsvSource({"12288, true", "12289, false"})
    void answer_to_a_challenge_may_be_as_long_as_an_auth_line(int octets, boolean passes) throws Exception {
        String answer = "x".repeat(octets - 2) + "\r\n";
        try (ScriptedRelay relay = new ScriptedRelay(
                        line -> line.say("220 relay").answer("334 VXNlcm5hbWU6").answer("235 welcome"));
                ProxyUnderTest proxy = ProxyUnderTest.Setup.of(relay).start();
                TestClient client = proxy.connect()) {
            client.say("AUTH LOGIN\r\n" + answer).endOutput();

            assertThat(client.rest())
                    .endsWith(passes ? "235 welcome\n" : "500 5.5.2 Syntax error: line too long, closing connection\n");
            assertThat(relay.received().contains(answer)).isEqualTo(passes);
            assertThat(relay.received().contains("xx")).isEqualTo(passes);
        }
    }

    @Test
    void relay_that_hangs_up_within_authentication_is_heard() throws Exception {
        try (ScriptedRelay relay = new ScriptedRelay(
                        line -> line.say("220 relay").answer("334 VXNlcm5hbWU6").say("421 4.4.2 too slow"));
                ProxyUnderTest proxy = ProxyUnderTest.Setup.of(relay).start();
                TestClient client = proxy.connect()) {
            client.say("AUTH LOGIN\r\n");

            assertThat(client.rest()).isEqualTo("220 relay\n334 VXNlcm5hbWU6\n421 4.4.2 too slow\n");
        }
    }

    @Test
    void after_helo_lines_are_short_again() throws Exception {
        String longCommand = "RCPT TO:<" + "x".repeat(600) + "@example.org>";
        try (ScriptedRelay relay = new ScriptedRelay(line -> line.say("220 relay")
                        .answer("250-relay", "250 DSN")
                        .answer("250 rcpt")
                        .answer("250 relay"));
                ProxyUnderTest proxy = ProxyUnderTest.Setup.of(relay).start();
                TestClient client = proxy.connect()) {
            client.reply();
            client.ask("EHLO a");
            assertThat(client.ask(longCommand)).isEqualTo("250 rcpt");
            assertThat(client.ask("HELO a")).isEqualTo("250 relay");
            assertThat(client.ask(longCommand)).startsWith("500 5.5.2 Syntax error: line too long");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "250 ok\\r250 2.0.0 taken\\r\\n",
                "250 ok\\n250 2.0.0 taken\\r\\n",
                "250 ok\\n",
                "250 ok\\0\\r\\n",
                "250-ok\\r\\n550 no\\r\\n",
                "250-ok\\r\\n",
                "250_ok\\r\\n",
                "2500 ok\\r\\n",
                "050 ok\\r\\n",
                "650 ok\\r\\n",
                "ok\\r\\n",
                "\\r\\n",
            })
    void reply_that_is_none_is_451_and_the_relay_is_dropped(String reply) throws Exception {
        assertLost(reply.translateEscapes());
    }

    @Test
    void reply_beyond_the_bounds_is_451_and_the_relay_is_dropped() throws Exception {
        assertLost("250 " + "x".repeat(3000) + "\r\n");
        assertLost("250-x\r\n".repeat(257) + "250 x\r\n");
    }

    @Test
    void reply_ahead_of_its_command_is_451() throws Exception {
        assertLost("250 mail\r\n250 rcpt\r\n");
    }

    private static void assertLost(String reply) throws Exception {
        try (ScriptedRelay relay = new ScriptedRelay(line -> {
                    line.say("220 relay").hear("\r\n");
                    line.sayRaw(reply).hangUp();
                });
                ProxyUnderTest proxy = ProxyUnderTest.Setup.of(relay).start();
                TestClient client = proxy.connect()) {
            client.say("MAIL FROM:<>\r\nRCPT TO:<b@example.org>\r\n");
            String heard = client.rest();

            assertThat(heard.replace("250 mail\n", "")).isEqualTo("220 relay\n" + LOST);
            assertThat(relay.received()).isEqualTo("MAIL FROM:<>\r\n");
        }
    }

    @Test
    void message_is_never_sent_again_once_its_dot_has_left() throws Exception {
        try (ServerSocket relay = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
                ProxyUnderTest proxy =
                        ProxyUnderTest.Setup.of(relay.getLocalPort()).start();
                TestClient client = proxy.connect()) {
            try (Socket connection = relay.accept()) {
                for (String reply : new String[] {"220 relay", "250 mail", "250 rcpt", "354 go"}) {
                    connection.getOutputStream().write((reply + "\r\n").getBytes(StandardCharsets.US_ASCII));
                }
                client.say("MAIL FROM:<>\r\nRCPT TO:<b@example.org>\r\nDATA\r\nx\r\n.\r\n");
            }
            assertThat(client.rest()).endsWith(LOST);
            relay.setSoTimeout(300);
            assertThatThrownBy(relay::accept).isInstanceOf(SocketTimeoutException.class);
        }
    }
}
