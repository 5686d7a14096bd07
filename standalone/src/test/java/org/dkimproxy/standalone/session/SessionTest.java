package org.dkimproxy.standalone.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.dkimproxy.signing.SigningOutcome;
import org.dkimproxy.standalone.config.BareNewline;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class SessionTest {
    private static final String MESSAGE = "From: a@example.org\r\n\r\nbody\r\n";
    private static final String LOGGED = "; message-id=<1@example.org>, from=<a@example.org>";

    /** Sends MAIL, RCPT and DATA after the greeting. */
    private static void upToData(TestClient client) throws IOException {
        assertThat(client.reply()).startsWith("220 ");
        assertThat(client.ask("MAIL FROM:<a@example.org>")).isEqualTo("250 mail");
        assertThat(client.ask("RCPT TO:<b@example.org>")).isEqualTo("250 rcpt");
        assertThat(client.ask("DATA")).isEqualTo("354 go");
    }

    @Test
    void commands_and_replies_pass_in_order_and_message_leaves_signed() throws Exception {
        try (ScriptedRelay relay = new ScriptedRelay(line -> line.say("220-relay.example.org ESMTP", "220 hello")
                        .answer("250-relay.example.org", "250-PIPELINING", "250 8BITMIME")
                        .answer("250 2.1.0 sender ok")
                        .answer("451-4.7.1 greylisted", "451 4.7.1 come back")
                        .answer("250 2.1.5 recipient ok")
                        .answer("354 go ahead")
                        .takeMessage("250 2.0.0 queued as 4711")
                        .answer("221 2.0.0 bye"));
                ProxyUnderTest proxy = ProxyUnderTest.Setup.of(relay).start();
                TestClient client = proxy.connect()) {
            assertThat(client.reply()).isEqualTo("220-relay.example.org ESMTP\n220 hello");
            assertThat(client.ask("EHLO client.example.org"))
                    .isEqualTo("250-relay.example.org\n250-PIPELINING\n250 8BITMIME");
            assertThat(client.ask("MAIL FROM:<a@example.org> BODY=8BITMIME")).isEqualTo("250 2.1.0 sender ok");
            assertThat(client.ask("RCPT TO:<b@example.org>")).isEqualTo("451-4.7.1 greylisted\n451 4.7.1 come back");
            assertThat(client.ask("RCPT TO:<c@example.org>")).isEqualTo("250 2.1.5 recipient ok");
            assertThat(client.ask("DATA")).isEqualTo("354 go ahead");
            assertThat(client.ask("From: a@example.org\r\n\r\n..dot\r\n.")).isEqualTo("250 2.0.0 queued as 4711");
            assertThat(client.ask("QUIT")).isEqualTo("221 2.0.0 bye");
            assertThat(client.rest()).isEmpty();

            assertThat(relay.received().replace("\r\n", "\n")).isEqualTo("""
                EHLO client.example.org
                MAIL FROM:<a@example.org> BODY=8BITMIME
                RCPT TO:<b@example.org>
                RCPT TO:<c@example.org>
                DATA
                DKIM-Signature: v=1; d=example.org
                From: a@example.org

                ..dot
                .
                QUIT
                """);
            assertThat(proxy.signer.inputs()).containsExactly("From: a@example.org\r\n\r\n.dot\r\n");
            assertThat(proxy.log.lines())
                    .containsExactly("debug connect from 127.0.0.1", "info DKIM signing - signed" + LOGGED);
        }
    }

    @Test
    void two_messages_in_one_session() throws Exception {
        try (ScriptedRelay relay = new ScriptedRelay(line -> line.upToData()
                        .takeMessage("250 first")
                        .answer("250 mail")
                        .answer("250 rcpt")
                        .answer("354 go")
                        .takeMessage("554 5.7.1 no"));
                ProxyUnderTest proxy = ProxyUnderTest.Setup.of(relay).start();
                TestClient client = proxy.connect()) {
            upToData(client);
            assertThat(client.ask(MESSAGE + ".")).isEqualTo("250 first");
            assertThat(client.ask("MAIL FROM:<>")).isEqualTo("250 mail");
            assertThat(client.ask("RCPT TO:<b@example.org>")).isEqualTo("250 rcpt");
            assertThat(client.ask("DATA")).isEqualTo("354 go");
            assertThat(client.ask("b\r\n.")).isEqualTo("554 5.7.1 no");
            assertThat(proxy.signer.inputs()).containsExactly(MESSAGE, "b\r\n");
        }
    }

    @Test
    void pipelined_input_is_answered_in_order() throws Exception {
        try (ScriptedRelay relay = new ScriptedRelay(
                        line -> line.upToData().takeMessage("250 ok").answer("221 bye"));
                ProxyUnderTest proxy = ProxyUnderTest.Setup.of(relay).start();
                TestClient client = proxy.connect()) {
            client.say("MAIL FROM:<a@example.org>\r\nRCPT TO:<b@example.org>\r\nDATA\r\n" + MESSAGE + ".\r\nQUIT\r\n");

            assertThat(client.rest()).isEqualTo("""
                220 relay
                250 mail
                250 rcpt
                354 go
                250 ok
                221 bye
                """);
        }
    }

    @Test
    void after_refused_data_what_follows_are_commands() throws Exception {
        try (ScriptedRelay relay = new ScriptedRelay(line -> line.say("220 relay")
                        .answer("250 mail")
                        .answer("550 5.1.1 no such user")
                        .answer("554 5.5.1 no valid recipients")
                        .answer("250 reset"));
                ProxyUnderTest proxy = ProxyUnderTest.Setup.of(relay).start();
                TestClient client = proxy.connect()) {
            client.say("MAIL FROM:<a@example.org>\r\nRCPT TO:<b@example.org>\r\nDATA\r\nRSET\r\n");

            assertThat(client.reply()).isEqualTo("220 relay");
            assertThat(client.reply()).isEqualTo("250 mail");
            assertThat(client.reply()).isEqualTo("550 5.1.1 no such user");
            assertThat(client.reply()).isEqualTo("554 5.5.1 no valid recipients");
            assertThat(client.reply()).isEqualTo("250 reset");
            assertThat(proxy.signer.inputs()).isEmpty();
        }
    }

    @Test
    void dot_is_relayed_after_354_though_every_recipient_was_refused() throws Exception {
        try (ScriptedRelay relay = new ScriptedRelay(line -> line.say("220 relay")
                        .answer("250 mail")
                        .answer("550 5.1.1 no such user")
                        .answer("354 go")
                        .takeMessage("554 5.5.1 no valid recipients"));
                ProxyUnderTest proxy = ProxyUnderTest.Setup.of(relay).start();
                TestClient client = proxy.connect()) {
            client.say("MAIL FROM:<a@example.org>\r\nRCPT TO:<b@example.org>\r\nDATA\r\n.\r\n");
            client.reply();
            client.reply();

            assertThat(client.reply()).isEqualTo("550 5.1.1 no such user");
            assertThat(client.reply()).isEqualTo("354 go");
            assertThat(client.reply()).isEqualTo("554 5.5.1 no valid recipients");
        }
    }

    @Test
    void relay_that_cannot_be_reached_is_421() throws Exception {
        int freePort;
        try (ServerSocket taken = new ServerSocket(0)) {
            freePort = taken.getLocalPort();
        }
        try (ProxyUnderTest proxy = ProxyUnderTest.Setup.of(freePort).start();
                TestClient client = proxy.connect()) {
            assertThat(client.rest()).isEqualTo("421 Internal error (Next hop is down)\n");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "hello\r\n", "220 hel", "354 go\r\n"})
    void relay_without_greeting_is_421(String greeting) throws Exception {
        try (ScriptedRelay relay =
                        new ScriptedRelay(line -> line.sayRaw(greeting).hangUp());
                ProxyUnderTest proxy = ProxyUnderTest.Setup.of(relay).start();
                TestClient client = proxy.connect()) {
            assertThat(client.rest()).isEqualTo("421 Internal error (Next hop is down)\n");
        }
    }

    @Test
    void relays_refusal_as_greeting_passes() throws Exception {
        try (ScriptedRelay relay =
                        new ScriptedRelay(line -> line.say("554 5.7.1 go away").answer("221 bye"));
                ProxyUnderTest proxy = ProxyUnderTest.Setup.of(relay).start();
                TestClient client = proxy.connect()) {
            assertThat(client.reply()).isEqualTo("554 5.7.1 go away");
            assertThat(client.ask("QUIT")).isEqualTo("221 bye");
        }
    }

    @Test
    void the_421_of_the_relay_passes_and_both_sides_close() throws Exception {
        try (ScriptedRelay relay =
                        new ScriptedRelay(line -> line.say("220 relay").answer("421 4.3.2 going down"));
                ProxyUnderTest proxy = ProxyUnderTest.Setup.of(relay).start();
                TestClient client = proxy.connect()) {
            client.say("NOOP\r\nNOOP\r\n");

            assertThat(client.rest()).isEqualTo("220 relay\n421 4.3.2 going down\n");
            assertThat(relay.received()).isEqualTo("NOOP\r\n");
        }
    }

    @Test
    void unsolicited_421_reaches_the_idle_client() throws Exception {
        try (ScriptedRelay relay =
                        new ScriptedRelay(line -> line.say("220 relay").say("421 4.4.2 idle for too long"));
                ProxyUnderTest proxy = ProxyUnderTest.Setup.of(relay).start();
                TestClient client = proxy.connect()) {
            assertThat(client.rest()).isEqualTo("220 relay\n421 4.4.2 idle for too long\n");
        }
    }

    @Test
    void relay_that_closes_while_idle_ends_the_session() throws Exception {
        try (ScriptedRelay relay =
                        new ScriptedRelay(line -> line.say("220 relay").hangUp());
                ProxyUnderTest proxy = ProxyUnderTest.Setup.of(relay).start();
                TestClient client = proxy.connect()) {
            assertThat(client.rest()).isEqualTo("220 relay\n451 4.4.2 Connection to the next hop was lost\n");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "25", "2x0 ok\r\n", "250-ok\r\n", "354 go\r\n", "250 ok\n", "421 4.3.2 bye\r\n"})
    void relay_that_fails_after_the_dot_is_451_and_close(String reply) throws Exception {
        try (ScriptedRelay relay = new ScriptedRelay(line -> {
                    line.upToData().hear("\r\n.\r\n");
                    line.sayRaw(reply).hangUp();
                });
                ProxyUnderTest proxy = ProxyUnderTest.Setup.of(relay).start();
                TestClient client = proxy.connect()) {
            upToData(client);
            client.say(MESSAGE + ".\r\n");

            assertThat(client.rest()).isEqualTo("451 4.4.2 Connection to the next hop was lost\n");
        }
    }

    @Test
    void relay_that_is_silent_after_the_dot_is_451_and_close() throws Exception {
        try (ScriptedRelay relay = new ScriptedRelay(line -> line.upToData().hear("\r\n.\r\n"));
                ProxyUnderTest proxy = ProxyUnderTest.Setup.of(relay)
                        .timeouts(ProxyUnderTest.allWithin(Duration.ofMillis(400)))
                        .start();
                TestClient client = proxy.connect()) {
            upToData(client);
            client.say(MESSAGE + ".\r\n");

            assertThat(client.rest()).isEqualTo("451 4.4.2 Connection to the next hop was lost\n");
        }
    }

    @Test
    void reply_that_came_before_the_dot_is_not_taken_for_its_answer() throws Exception {
        CountDownLatch spoken = new CountDownLatch(1);
        try (ScriptedRelay relay = new ScriptedRelay(line -> {
                    line.upToData().say("250 already fine");
                    spoken.countDown();
                });
                ProxyUnderTest proxy = ProxyUnderTest.Setup.of(relay).start();
                TestClient client = proxy.connect()) {
            upToData(client);
            assertThat(spoken.await(10, TimeUnit.SECONDS)).isTrue();
            client.say(MESSAGE + ".\r\n");

            assertThat(client.rest()).isEqualTo("451 4.4.2 Connection to the next hop was lost\n");
            assertThat(relay.received()).doesNotContain("\r\n.\r\n");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "From: a@example.org\r\n", MESSAGE, MESSAGE + ".", MESSAGE + ".\r", MESSAGE + "\n.\n"})
    void client_gone_before_the_dot_means_no_dot_and_no_quit(String part) throws Exception {
        try (ScriptedRelay relay = new ScriptedRelay(ScriptedRelay.Line::upToData);
                ProxyUnderTest proxy = ProxyUnderTest.Setup.of(relay).start();
                TestClient client = proxy.connect()) {
            upToData(client);
            client.say(part).leave();

            assertThat(relay.received()).isEqualTo("MAIL FROM:<a@example.org>\r\nRCPT TO:<b@example.org>\r\nDATA\r\n");
        }
    }

    @Test
    void client_that_ends_its_output_after_the_dot_still_gets_the_answer() throws Exception {
        try (ScriptedRelay relay = new ScriptedRelay(line -> line.upToData().takeMessage("250 queued"));
                ProxyUnderTest proxy = ProxyUnderTest.Setup.of(relay).start();
                TestClient client = proxy.connect()) {
            upToData(client);
            client.say(MESSAGE + ".\r\n").endOutput();

            assertThat(client.rest()).isEqualTo("250 queued\n");
        }
    }

    @Test
    void message_that_no_rule_matches_passes_as_it_is() throws Exception {
        try (ScriptedRelay relay = new ScriptedRelay(line -> line.upToData().takeMessage("250 queued"));
                ProxyUnderTest proxy = ProxyUnderTest.Setup.of(relay)
                        .outcome(new SigningOutcome.Skipped(
                                SigningOutcome.Cause.NO_RULE, "no rule for the sender", FakeSigner.SUMMARY))
                        .rejectErrors(true)
                        .start();
                TestClient client = proxy.connect()) {
            upToData(client);
            assertThat(client.ask(MESSAGE + ".")).isEqualTo("250 queued");
            client.leave();

            assertThat(relay.received()).endsWith("DATA\r\n" + MESSAGE + ".\r\n");
            assertThat(proxy.log.lines())
                    .contains("info DKIM signing - skipped" + LOGGED, "info unsigned: no rule for the sender" + LOGGED);
        }
    }

    @Test
    void message_that_cannot_be_signed_passes_unsigned_with_warning() throws Exception {
        try (ScriptedRelay relay = new ScriptedRelay(line -> line.upToData().takeMessage("250 queued"));
                ProxyUnderTest proxy = ProxyUnderTest.Setup.of(relay)
                        .outcome(failed(SigningOutcome.Kind.TEMPORARY))
                        .start();
                TestClient client = proxy.connect()) {
            upToData(client);
            assertThat(client.ask(MESSAGE + ".")).isEqualTo("250 queued");
            client.leave();

            assertThat(relay.received()).endsWith("DATA\r\n" + MESSAGE + ".\r\n");
            assertThat(proxy.log.lines())
                    .contains("warning signing error: key is gone, message leaves unsigned" + LOGGED);
        }
    }

    @ParameterizedTest
    @CsvSource(
            value = {
                "TEMPORARY | 450 DKIM - temperror (key is gone)",
                "PERMANENT | 550 DKIM - permerror (key is gone)",
            },
            delimiter = '|')
    void with_reject_error_the_message_is_refused_and_the_relay_never_gets_it(SigningOutcome.Kind kind, String reply)
            throws Exception {
        try (ScriptedRelay relay = new ScriptedRelay(ScriptedRelay.Line::upToData);
                ProxyUnderTest proxy = ProxyUnderTest.Setup.of(relay)
                        .outcome(failed(kind))
                        .rejectErrors(true)
                        .start();
                TestClient client = proxy.connect()) {
            upToData(client);
            assertThat(client.ask(MESSAGE + ".")).isEqualTo(reply);
            assertThat(relay.received()).endsWith("DATA\r\n");
            client.say("MAIL FROM:<a@example.org>\r\n");

            assertThat(client.rest()).isEqualTo("421 4.3.0 Message was refused, closing connection\n");
            assertThat(proxy.log.lines()).contains("warning signing error: key is gone, message refused" + LOGGED);
        }
    }

    @Test
    void quit_after_refusal_is_answered() throws Exception {
        try (ScriptedRelay relay = new ScriptedRelay(ScriptedRelay.Line::upToData);
                ProxyUnderTest proxy = ProxyUnderTest.Setup.of(relay)
                        .outcome(failed(SigningOutcome.Kind.PERMANENT))
                        .rejectErrors(true)
                        .start();
                TestClient client = proxy.connect()) {
            upToData(client);
            client.say(MESSAGE + ".\r\nQUIT\r\n");

            assertThat(client.rest()).isEqualTo("550 DKIM - permerror (key is gone)\n221 2.0.0 Bye\n");
        }
    }

    private static SigningOutcome failed(SigningOutcome.Kind kind) {
        return new SigningOutcome.Failed(kind, "key is gone", FakeSigner.SUMMARY);
    }

    @Test
    void keywords_and_commands_that_cannot_work_are_kept_from_both_sides() throws Exception {
        try (ScriptedRelay relay = new ScriptedRelay(line -> line.say("220 relay")
                        .answer("250-relay", "250-STARTTLS", "250-CHUNKING", "250-SIZE 20000", "250 X-ODD")
                        .answer("250-relay", "250-BINARYMIME", "250 DSN")
                        .answer("221 bye"));
                ProxyUnderTest proxy = ProxyUnderTest.Setup.of(relay).start();
                TestClient client = proxy.connect()) {
            client.reply();
            assertThat(client.ask("EHLO a")).isEqualTo("250-relay\n250 SIZE 11808");
            assertThat(client.ask("STARTTLS")).isEqualTo("502 5.5.1 Command not implemented");
            assertThat(client.ask("X-ODD 1")).isEqualTo("502 5.5.1 Command not implemented");
            assertThat(client.ask("")).isEqualTo("500 5.5.2 Command not recognized");
            assertThat(client.ask(" DATA")).isEqualTo("500 5.5.2 Command not recognized");
            assertThat(client.ask("EHLO again")).isEqualTo("250-relay\n250 DSN");
            assertThat(client.ask("QUIT")).isEqualTo("221 bye");

            assertThat(relay.received()).isEqualTo("EHLO a\r\nEHLO again\r\nQUIT\r\n");
        }
    }

    @Test
    void bdat_is_refused_and_closed() throws Exception {
        try (ScriptedRelay relay = new ScriptedRelay(line -> line.say("220 relay"));
                ProxyUnderTest proxy = ProxyUnderTest.Setup.of(relay).start();
                TestClient client = proxy.connect()) {
            client.say("BDAT 6 LAST\r\nQUIT\r\n");

            assertThat(client.rest()).isEqualTo("220 relay\n502 5.5.1 Command not implemented\n");
            assertThat(relay.received()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource(
            value = {
                "'NOOP\\n'            | 500 5.5.2 Syntax error: line ended by a bare LF, closing connection",
                "'NOOP\\rQUIT\\r\\n'  | 500 5.5.2 Syntax error: bare CR in a line, closing connection",
                "'NO\\0OP\\r\\n'      | 500 5.5.2 Syntax error: NUL in a line, closing connection",
            },
            delimiter = '|')
    void command_that_breaks_the_framing_ends_the_session(String command, String reply) throws Exception {
        try (ScriptedRelay relay = new ScriptedRelay(line -> line.say("220 relay"));
                ProxyUnderTest proxy = ProxyUnderTest.Setup.of(relay).start();
                TestClient client = proxy.connect()) {
            client.say(command.translateEscapes() + "NOOP\r\n");

            assertThat(client.rest()).isEqualTo("220 relay\n" + reply + "\n");
            assertThat(relay.received()).isEmpty();
        }
    }

    @Test
    void authentication_passes_unseen_until_it_ends() throws Exception {
        try (ScriptedRelay relay = new ScriptedRelay(line -> line.say("220 relay")
                        .answer("334 VXNlcm5hbWU6")
                        .answer("334 UGFzc3dvcmQ6")
                        .answer("235 2.7.0 welcome")
                        .answer("250 ok"));
                ProxyUnderTest proxy = ProxyUnderTest.Setup.of(relay).start();
                TestClient client = proxy.connect()) {
            client.reply();
            assertThat(client.ask("AUTH LOGIN")).isEqualTo("334 VXNlcm5hbWU6");
            assertThat(client.ask("DATA")).isEqualTo("334 UGFzc3dvcmQ6");
            assertThat(client.ask("BDAT c2VjcmV0")).isEqualTo("235 2.7.0 welcome");
            assertThat(client.ask("NOOP")).isEqualTo("250 ok");
            client.leave();

            assertThat(relay.received()).isEqualTo("AUTH LOGIN\r\nDATA\r\nBDAT c2VjcmV0\r\nNOOP\r\n");
            assertThat(proxy.log.lines()).noneMatch(line -> line.contains("c2VjcmV0") || line.contains("LOGIN"));
        }
    }

    @Test
    void challenge_outside_authentication_ends_the_session() throws Exception {
        try (ScriptedRelay relay =
                        new ScriptedRelay(line -> line.say("220 relay").answer("354 surprise"));
                ProxyUnderTest proxy = ProxyUnderTest.Setup.of(relay).start();
                TestClient client = proxy.connect()) {
            client.say("MAIL FROM:<>\r\n");

            assertThat(client.rest()).isEqualTo("220 relay\n451 4.4.2 Connection to the next hop was lost\n");
        }
    }

    @Test
    void xclient_resets_the_session_and_the_next_ehlo_is_filtered_again() throws Exception {
        String longCommand = "RCPT TO:<" + "x".repeat(600) + "@example.org>";
        try (ScriptedRelay relay = new ScriptedRelay(line -> line.say("220 relay")
                        .answer("250-relay", "250-DSN", "250 XCLIENT NAME ADDR")
                        .answer("250 rcpt")
                        .answer("220 relay again")
                        .answer("250-relay", "250-STARTTLS", "250 SIZE 20000"));
                ProxyUnderTest proxy = ProxyUnderTest.Setup.of(relay).start();
                TestClient client = proxy.connect()) {
            client.reply();
            assertThat(client.ask("EHLO a")).isEqualTo("250-relay\n250-DSN\n250 XCLIENT NAME ADDR");
            assertThat(client.ask(longCommand)).isEqualTo("250 rcpt");
            assertThat(client.ask("XCLIENT ADDR=192.0.2.1")).isEqualTo("220 relay again");
            assertThat(client.ask("EHLO b")).as("filtered again").isEqualTo("250-relay\n250 SIZE 11808");
            assertThat(client.ask(longCommand)).startsWith("500 5.5.2 Syntax error: line too long");
        }
    }

    @Test
    void stray_line_ends_are_made_right_before_signing() throws Exception {
        try (ScriptedRelay relay = new ScriptedRelay(line -> line.upToData().takeMessage("250 queued"));
                ProxyUnderTest proxy = ProxyUnderTest.Setup.of(relay).start();
                TestClient client = proxy.connect()) {
            upToData(client);
            assertThat(client.ask("a: b\r\r\ng: h\n\nc\rd\n.\r\ne\r\n.")).isEqualTo("250 queued");
            client.leave();

            assertThat(proxy.signer.inputs()).containsExactly("a: b\r\ng: h\r\n\r\nc\r\nd\r\n.\r\ne\r\n");
            assertThat(relay.received()).endsWith("example.org\r\na: b\r\ng: h\r\n\r\nc\r\nd\r\n..\r\ne\r\n.\r\n");
            assertThat(proxy.log.lines())
                    .filteredOn(line -> line.contains("line ends repaired"))
                    .hasSize(1);
        }
    }

    @ParameterizedTest
    @CsvSource(
            value = {
                "'a\\nb\\r\\n.'  | 550 5.5.2 Message contains a bare CR or LF",
                "'a\\0b\\r\\n.'  | 550 5.6.0 Message contains NUL characters",
                "'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\\r\\n.'  | 552 5.3.4 Message size exceeds the limit",
            },
            delimiter = '|')
    void message_that_is_not_taken_is_refused_after_its_end(String message, String reply) throws Exception {
        try (ScriptedRelay relay = new ScriptedRelay(ScriptedRelay.Line::upToData);
                ProxyUnderTest proxy = ProxyUnderTest.Setup.of(relay)
                        .bareNewline(BareNewline.REJECT)
                        .sizeLimit(40)
                        .start();
                TestClient client = proxy.connect()) {
            upToData(client);
            assertThat(client.ask(message.translateEscapes())).isEqualTo(reply);

            assertThat(relay.received()).endsWith("DATA\r\n");
            assertThat(proxy.signer.inputs()).isEmpty();
            assertThat(proxy.log.lines()).contains("warning message refused: " + reply + LOGGED);
        }
    }

    @Test
    void message_over_the_relays_size_is_refused() throws Exception {
        try (ScriptedRelay relay = new ScriptedRelay(line ->
                        line.say("220 relay").answer("250-relay", "250 SIZE 20").answer("354 go"));
                ProxyUnderTest proxy = ProxyUnderTest.Setup.of(relay).start();
                TestClient client = proxy.connect()) {
            client.reply();
            client.ask("EHLO a");
            client.ask("DATA");
            assertThat(client.ask("x".repeat(19) + "\r\n.")).isEqualTo("552 5.3.4 Message size exceeds the limit");
        }
    }

    @Test
    void without_space_the_message_is_read_and_refused(@TempDir Path directory) throws Exception {
        try (ScriptedRelay relay = new ScriptedRelay(ScriptedRelay.Line::upToData);
                ProxyUnderTest proxy = ProxyUnderTest.Setup.of(relay)
                        .spool(directory.resolve("missing"))
                        .start();
                TestClient client = proxy.connect()) {
            upToData(client);
            assertThat(client.ask("0123456789\r\n".repeat(100_000) + "."))
                    .isEqualTo("452 4.3.1 Insufficient storage for the message");

            assertThat(relay.received()).endsWith("DATA\r\n");
        }
    }

    @Test
    void long_lines_pass_and_are_logged() throws Exception {
        String message = "From: a@example.org\r\n\r\n" + "x".repeat(70_000) + "\r\n" + "y".repeat(999) + "\r\n";
        try (ScriptedRelay relay = new ScriptedRelay(line -> line.upToData().takeMessage("250 queued"));
                ProxyUnderTest proxy = ProxyUnderTest.Setup.of(relay).start();
                TestClient client = proxy.connect()) {
            upToData(client);
            assertThat(client.ask(message + ".")).isEqualTo("250 queued");
            client.leave();

            assertThat(relay.received()).endsWith("DATA\r\n" + FakeSigner.FIELD + "\r\n" + message + ".\r\n");
            assertThat(proxy.log.lines()).contains("info message has lines of more than 998 octets: 2" + LOGGED);
        }
    }

    @Test
    void large_message_is_spooled_to_disk_and_arrives_whole(@TempDir Path directory) throws Exception {
        String body = "..0123456789abcdef\r\n".repeat(100_000);
        try (ScriptedRelay relay = new ScriptedRelay(line -> line.upToData().takeMessage("250 queued"));
                ProxyUnderTest proxy =
                        ProxyUnderTest.Setup.of(relay).spool(directory).start();
                TestClient client = proxy.connect()) {
            upToData(client);
            assertThat(client.ask(body + ".")).isEqualTo("250 queued");
            client.leave();

            assertThat(relay.received()).endsWith("DATA\r\n" + FakeSigner.FIELD + "\r\n" + body + ".\r\n");
        }
    }

    @Test
    void silent_client_is_told() throws Exception {
        try (ScriptedRelay relay = new ScriptedRelay(line -> line.say("220 relay"));
                ProxyUnderTest proxy = ProxyUnderTest.Setup.of(relay)
                        .timeouts(ProxyUnderTest.allWithin(Duration.ofMillis(400)))
                        .start();
                TestClient client = proxy.connect()) {
            client.say("NOO");

            assertThat(client.rest()).isEqualTo("220 relay\n421 4.4.2 Timeout, closing connection\n");
            assertThat(relay.received()).isEmpty();
        }
    }

    @Test
    void silent_client_within_message_is_told_and_no_dot_leaves() throws Exception {
        try (ScriptedRelay relay = new ScriptedRelay(ScriptedRelay.Line::upToData);
                ProxyUnderTest proxy = ProxyUnderTest.Setup.of(relay)
                        .timeouts(ProxyUnderTest.allWithin(Duration.ofMillis(400)))
                        .start();
                TestClient client = proxy.connect()) {
            upToData(client);
            client.say(MESSAGE);

            assertThat(client.rest()).isEqualTo("421 4.4.2 Timeout, closing connection\n");
            assertThat(relay.received()).endsWith("DATA\r\n");
            assertThat(proxy.log.lines()).contains("info message not acknowledged: client_timeout" + LOGGED);
        }
    }
}
