package org.dkimproxy.standalone.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.dkimproxy.standalone.access.AccessPolicy;
import org.dkimproxy.standalone.config.BareNewline;
import org.dkimproxy.standalone.config.MessageSettings;
import org.dkimproxy.standalone.config.ProxyConfiguration;
import org.dkimproxy.standalone.config.ProxyLimits;
import org.dkimproxy.standalone.config.ProxySettings;
import org.dkimproxy.standalone.log.LogLevel;
import org.dkimproxy.standalone.log.LogSettings;
import org.dkimproxy.standalone.log.SyslogSettings;
import org.dkimproxy.standalone.metrics.Metrics;
import org.dkimproxy.standalone.net.HostPort;
import org.dkimproxy.standalone.server.Listener;
import org.dkimproxy.standalone.smtp.Reply;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class ConversationTraceTest {
    private final LogRecorder log = new LogRecorder();

    @Test
    void every_line_is_shown_both_ways_and_of_messages_the_length() throws Exception {
        try (ScriptedRelay relay = new ScriptedRelay(line -> line.say("220 relay ready")
                .answer("250-relay", "250-STARTTLS", "250 8BITMIME")
                .answer("250 2.1.0 Ok")
                .answer("250 2.1.5 Ok")
                .answer("354 End with dot")
                .takeMessage("250 2.0.0 queued")
                .answer("221 2.0.0 Bye"))) {
            Listener listener = listen(relay);
            try (TestClient client =
                    new TestClient(listener.addresses().getFirst().port())) {
                client.reply();
                client.ask("EHLO client");
                client.ask("MAIL FROM:<a\u0001\u00e4@example.org>");
                client.ask("RCPT TO:<b@example.net>");
                client.ask("DATA");
                client.say("From: a@example.org\r\nSubject: private\r\n\r\n..x\r\n.\r\n");
                client.reply();
                client.ask("FROBNICATE x");
                client.ask("QUIT");
            } finally {
                listener.stop(Duration.ofSeconds(10), Duration.ZERO);
            }
            assertThat(trace()).isEqualTo("""
                from relay: 220 relay ready
                to client: 220 relay ready
                from client: EHLO client
                to relay: EHLO client
                from relay: 250-relay
                from relay: 250-STARTTLS
                from relay: 250 8BITMIME
                to client: 250-relay
                to client: 250 8BITMIME
                from client: MAIL FROM:<a\u0001\u00e4@example.org>
                to relay: MAIL FROM:<a\u0001\u00e4@example.org>
                from relay: 250 2.1.0 Ok
                to client: 250 2.1.0 Ok
                from client: RCPT TO:<b@example.net>
                to relay: RCPT TO:<b@example.net>
                from relay: 250 2.1.5 Ok
                to client: 250 2.1.5 Ok
                from client: DATA
                to relay: DATA
                from relay: 354 End with dot
                to client: 354 End with dot
                from client: message of 49 octets
                to relay: message of 81 octets
                from relay: 250 2.0.0 queued
                to client: 250 2.0.0 queued
                from client: (unknown command of 14 octets)
                to client: 502 5.5.1 Command not implemented
                from client: QUIT
                to relay: QUIT
                from relay: 221 2.0.0 Bye
                to client: 221 2.0.0 Bye
                """);
        }
    }

    @Test
    void nothing_that_authenticates_is_shown() throws Exception {
        try (ScriptedRelay relay = new ScriptedRelay(line -> line.say("220 relay")
                .answer("334 CHALLENGESECRET")
                .answer("334 SECONDSECRET")
                .answer("535 5.7.8 Error: failed: REPLYSECRET")
                .answer("235 OTHERSECRET")
                .answer("504 5.5.4 no such mechanism")
                .answer("221 Bye"))) {
            Listener listener = listen(relay);
            try (TestClient client =
                    new TestClient(listener.addresses().getFirst().port())) {
                client.reply();
                client.ask("AUTH LOGIN INITIALSECRET");
                client.ask("NOOP USERSECRET");
                client.ask("AUTH PASSWORDSECRET");
                client.ask("auth plain PLAINSECRET");
                client.ask("AUTH UNKNOWNSECRET MORESECRET");
                client.ask("EARLYSECRET");
                client.ask(" AUTH PLAIN BLANKSECRET");
                client.ask("AUTH\tPLAIN TABSECRET");
                client.ask("QUIT");
            } finally {
                listener.stop(Duration.ofSeconds(10), Duration.ZERO);
            }
            assertThat(trace()).isEqualTo("""
                from relay: 220 relay
                to client: 220 relay
                from client: AUTH LOGIN (hidden)
                to relay: AUTH LOGIN (hidden)
                from relay: 334 (hidden)
                to client: 334 (hidden)
                from client: (hidden)
                to relay: (hidden)
                from relay: 334 (hidden)
                to client: 334 (hidden)
                from client: AUTH (hidden)
                to relay: AUTH (hidden)
                from relay: 535 5.7.8 (hidden)
                to client: 535 5.7.8 (hidden)
                from client: AUTH PLAIN (hidden)
                to relay: AUTH PLAIN (hidden)
                from relay: 235 (hidden)
                to client: 235 (hidden)
                from client: AUTH (hidden)
                to relay: AUTH (hidden)
                from relay: 504 5.5.4 (hidden)
                to client: 504 5.5.4 (hidden)
                from client: (unknown command of 13 octets)
                to client: 502 5.5.1 Command not implemented
                from client: (unknown command of 25 octets)
                to client: 500 5.5.2 Command not recognized
                from client: (unknown command of 22 octets)
                to client: 502 5.5.1 Command not implemented
                from client: QUIT
                to relay: QUIT
                from relay: 221 Bye
                to client: 221 Bye
                """);
            assertThat(log.lines()).noneMatch(line -> line.contains("SECRET"));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "AUTH PLAIN AGEAYg==, AUTH PLAIN (hidden)",
        "auth  scram-sha-256 x, AUTH SCRAM-SHA-256 (hidden)",
        "AUTH, AUTH (hidden)",
        "AUTH hunter2, AUTH (hidden)",
        "XCLIENT LOGIN=joe ADDR=192.0.2.1, XCLIENT LOGIN=joe ADDR=192.0.2.1",
        "mail from:<>, mail from:<>",
        "AGEAYg==, (unknown command of 10 octets)",
    })
    void of_a_command_is_shown(String command, String shown) {
        ConversationTrace.of(log, "192.0.2.1", 7).fromClient((command + "\r\n").getBytes(StandardCharsets.US_ASCII));

        assertThat(log.lines()).containsExactly("debug trace 192.0.2.1 #7 from client: " + shown);
    }

    @Test
    void without_the_option_nothing_is_shown() {
        ConversationTrace.NONE.fromClient("AUTH PLAIN x\r\n".getBytes(StandardCharsets.US_ASCII));
        ConversationTrace.NONE.toRelay("NOOP\r\n".getBytes(StandardCharsets.US_ASCII));
        ConversationTrace.NONE.toClient(Reply.of(250, "Ok"));

        assertThat(log.lines()).isEmpty();
    }

    /** The lines of the trace without level, peer and number of the session. */
    private String trace() {
        return log.lines().stream()
                .filter(line -> line.startsWith("debug trace "))
                .map(line -> line.replaceFirst("^debug trace 127\\.0\\.0\\.1 #[0-9]+ ", "") + "\n")
                .collect(Collectors.joining());
    }

    private Listener listen(ScriptedRelay relay) throws IOException {
        LogSettings tracing = new LogSettings(
                LogLevel.DEBUG, new LogSettings.Destination.None(), SyslogSettings.STANDARD, true, true);
        ProxyConfiguration configuration = new ProxyConfiguration(
                new ProxySettings(
                        List.of(new HostPort("127.0.0.1", 0)),
                        AccessPolicy.EVERYONE,
                        new HostPort("127.0.0.1", relay.port()),
                        new MessageSettings(false, Path.of(System.getProperty("java.io.tmpdir")), tracing),
                        BareNewline.NORMALIZE,
                        ProxyLimits.STANDARD),
                FakeSigner.of(FakeSigner.SIGNED));
        Listener listener =
                Listener.open(() -> configuration, ProxyUnderTest.allWithin(Duration.ofSeconds(15)), Metrics.NONE, log);
        Thread.ofPlatform().daemon().start(listener::serve);
        return listener;
    }
}
