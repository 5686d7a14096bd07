package org.dkimproxy.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class SmtpSinkTest {
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private static byte[] octets(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static SmtpSender greeted(SmtpSink sink) throws IOException {
        SmtpSender sender = SmtpSender.connect(sink.address(), LIMIT);
        assertThat(sender.readReply().code()).isEqualTo(220);
        return sender;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\r\n",
                ".\r\n",
                "Subject: a\r\n\r\nb\r\n",
                "Subject: a\r\n\r\n.\r\n..\r\n.x\r\n...\r\n",
                "a\r.b\n.c\r\n",
                "bare\n.\nand\r.\rand\n.\r\nend\r\n",
                "\u00e4\u0001\u00ff\r\n"
            })
    void what_the_sender_sends_is_what_the_sink_has(String message) throws Exception {
        try (SmtpSink sink = SmtpSink.start();
                SmtpSender sender = greeted(sink)) {
            SmtpSender.Reply reply =
                    sender.transact("joe@example.org", List.of("a@example.net", "b@example.net"), octets(message));
            assertThat(reply.code()).isEqualTo(250);
            SmtpSink.Message got = sink.awaitMessages(1, LIMIT).getFirst();
            assertThat(got.text()).isEqualTo(message);
            assertThat(got.mailFrom()).isEqualTo("<joe@example.org>");
            assertThat(got.recipients()).containsExactly("<a@example.net>", "<b@example.net>");
        }
    }

    @Test
    void a_last_line_without_its_end_is_completed_by_the_sender() throws Exception {
        try (SmtpSink sink = SmtpSink.start();
                SmtpSender sender = greeted(sink)) {
            assertThat(sender.transact("", List.of("a@example.net"), octets("a: b\r\n\r\nc"))
                            .code())
                    .isEqualTo(250);
            assertThat(sink.messages()).extracting(SmtpSink.Message::text).containsExactly("a: b\r\n\r\nc\r\n");
        }
    }

    @Test
    void the_wire_is_kept_to_the_octet() throws Exception {
        try (SmtpSink sink = SmtpSink.start()) {
            try (SmtpSender sender = greeted(sink)) {
                sender.send(octets("ehlo x\nMAIL\r\nNOOP\r\n"));
                assertThat(sender.readReply().code()).isEqualTo(250);
                assertThat(sender.readReply().code()).isEqualTo(250);
                sender.send(octets("cut \u00e4 off"));
            }
            sink.awaitClosed(1, LIMIT);
            assertThat(sink.wire()).singleElement().isEqualTo(octets("ehlo x\nMAIL\r\nNOOP\r\ncut \u00e4 off"));
            assertThat(sink.messages()).isEmpty();
        }
    }

    @Test
    void a_message_that_is_cut_off_does_not_count() throws Exception {
        try (SmtpSink sink = SmtpSink.start()) {
            try (SmtpSender sender = greeted(sink)) {
                sender.command("MAIL FROM:<>");
                sender.command("RCPT TO:<a@example.net>");
                assertThat(sender.command("DATA").code()).isEqualTo(354);
                sender.send(octets("Subject: a\r\n\r\n.\r"));
            }
            sink.awaitClosed(1, LIMIT);
            assertThat(sink.messages()).isEmpty();
        }
    }

    @Test
    void the_script_answers_and_keywords_are_announced() throws Exception {
        SmtpSink.Script script = SmtpSink.Script.accept("SIZE 1000", "STARTTLS")
                .with("RCPT", "550 5.1.1 no\r\n550 5.1.1 such user")
                .with(".", "451 4.3.0 later");
        try (SmtpSink sink = SmtpSink.start(script);
                SmtpSender sender = greeted(sink)) {
            assertThat(sender.command("EHLO x").lines())
                    .containsExactly("250-sink.example.net", "250-SIZE 1000", "250 STARTTLS");
            assertThat(sender.transact("", List.of("a@example.net"), octets("a: b\r\n"))
                            .code())
                    .isEqualTo(550);
        }
    }

    @Test
    void a_refused_message_is_kept_with_the_accepted_recipients_only() throws Exception {
        AtomicInteger count = new AtomicInteger();
        SmtpSink.Script script = SmtpSink.Script.ACCEPT.with(".", "451 4.3.0 later");
        SmtpSink.Script second = event ->
                event.verb().equals("RCPT") && count.incrementAndGet() == 2 ? "550 5.1.1 no" : script.reply(event);
        try (SmtpSink sink = SmtpSink.start(second);
                SmtpSender sender = greeted(sink)) {
            sender.command("MAIL FROM:<a@b> BODY=8BITMIME");
            sender.command("RCPT TO:<1@x>");
            sender.command("RCPT TO:<2@x>");
            sender.command("RCPT TO:<3@x>");
            sender.command("DATA");
            sender.send(SmtpSender.stuffed(octets("a: b\r\n")));
            assertThat(sender.readReply().code()).isEqualTo(451);
            assertThat(sink.messages()).singleElement().satisfies(message -> {
                assertThat(message.mailFrom()).isEqualTo("<a@b> BODY=8BITMIME");
                assertThat(message.recipients()).containsExactly("<1@x>", "<3@x>");
            });
        }
    }

    @Test
    void a_script_can_drop_the_connection() throws Exception {
        try (SmtpSink sink = SmtpSink.start(SmtpSink.Script.ACCEPT.with("DATA", SmtpSink.Script.CLOSE));
                SmtpSender sender = greeted(sink)) {
            assertThatThrownBy(() -> sender.transact("", List.of("a@b"), octets("a: b\r\n")))
                    .isInstanceOf(EOFException.class);
            sink.awaitClosed(1, LIMIT);
            assertThat(sink.failures()).isEmpty();
        }
    }

    @Test
    void waiting_ends_with_a_word_about_what_came() throws Exception {
        try (SmtpSink sink = SmtpSink.start();
                SmtpSender sender = greeted(sink)) {
            assertThatThrownBy(() -> sink.awaitMessages(1, Duration.ofMillis(50)))
                    .isInstanceOf(AssertionError.class)
                    .hasMessage("no 1 messages within 50 ms; there are 0 messages, 1 connections, 0 of them ended");
            assertThat(sender.command("QUIT").code()).isEqualTo(221);
            assertThat(sender.isClosedByServer()).isTrue();
        }
    }

    @Test
    void a_silent_server_ends_the_senders_patience() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress());
                SmtpSender sender = SmtpSender.connect(
                        (java.net.InetSocketAddress) silent.getLocalSocketAddress(), Duration.ofMillis(100))) {
            assertThatThrownBy(sender::readReply).isInstanceOf(SocketTimeoutException.class);
        }
    }
}
