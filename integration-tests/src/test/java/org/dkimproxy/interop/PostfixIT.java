package org.dkimproxy.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.dkimproxy.interop.PostfixChain.PATIENCE;
import static org.dkimproxy.interop.PostfixChain.REFUSED;
import static org.dkimproxy.interop.PostfixChain.UNKNOWN;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.dkimproxy.interop.PostfixChain.Way;
import org.dkimproxy.testkit.SmtpSender;
import org.dkimproxy.testkit.SmtpSink;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Mail through real Postfix, the built program and real Postfix again, set up as the Postfix guide says, both ways; Mail::DKIM and
 * dkimpy judge what is delivered.
 */
class PostfixIT {
    private static final String SENDER = "joe@example.org";
    private static final List<String> SUZIE = List.of("suzie@example.net");

    @TempDir
    static Path folder;

    private static final Map<Way, PostfixChain> CHAINS = new EnumMap<>(Way.class);

    @BeforeAll
    static void start() throws Exception {
        Requirements.postfixServer();
        Requirements.mailDkim();
        Requirements.dkimpy();
        for (Way way : Way.values()) {
            CHAINS.put(way, new PostfixChain(Files.createDirectory(folder.resolve(way.name())), way, "--reject_error"));
        }
    }

    @AfterAll
    static void stop() throws IOException {
        for (PostfixChain chain : CHAINS.values()) {
            chain.close();
        }
    }

    /** A text that is in one message only. */
    private static String unique() {
        return UUID.randomUUID().toString();
    }

    /** A message from the sender to Suzie; both texts may hold any character. */
    private static byte[] message(String id, String from, String subject, String body) {
        String text = "From: Joe <" + from + ">\nTo: Suzie <suzie@example.net>\nSubject: " + subject
                + "\nDate: Mon, 23 Nov 2026 08:00:00 +0000\nMessage-ID: <" + id + "@example.org>\nMIME-Version: 1.0\n"
                + "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n" + body;
        return text.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8);
    }

    /** Sends a body, waits for it, and has it verified. */
    private static SmtpSink.Message send(PostfixChain chain, String body) throws IOException, InterruptedException {
        String id = unique();
        assertAccepted(chain.submit(SENDER, SUZIE, message(id, SENDER, "Hello", body)));
        SmtpSink.Message delivered = chain.awaitMessageWith(id);
        chain.assertVerified(delivered);
        return delivered;
    }

    private static void assertAccepted(SmtpSender.Reply reply) {
        assertThat(reply.code()).as(reply.toString()).isEqualTo(250);
    }

    /** The wire's view of a text: one character an octet. */
    private static String octets(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    @ParameterizedTest
    @EnumSource
    void a_plain_message_is_signed_and_verifies(Way way) throws Exception {
        SmtpSink.Message delivered = send(CHAINS.get(way), "Hello Suzie,\n\nhow are you?\n");
        assertThat(delivered.text())
                .contains("\r\nDKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=example.org;")
                .endsWith("\r\n\r\nHello Suzie,\r\n\r\nhow are you?\r\n");
        assertThat(delivered.mailFrom()).startsWith("<joe@example.org>");
        assertThat(delivered.recipients()).singleElement().asString().startsWith("<suzie@example.net>");
    }

    @ParameterizedTest
    @EnumSource
    void eight_bit_text_verifies_and_arrives_as_it_was(Way way) throws Exception {
        assertThat(sendEightBit(CHAINS.get(way)).text())
                .contains("Content-Transfer-Encoding: 8bit")
                .endsWith(octets("Gr\u00fc\u00dfe\r\n"));
    }

    @Test
    void eight_bit_text_is_made_seven_bit_before_it_is_signed_where_that_is_asked_for() throws Exception {
        PostfixChain chain = CHAINS.get(Way.AFTER_QUEUE);
        chain.addTo("dkimsign", "-o smtp_discard_ehlo_keywords=8bitmime,smtputf8");
        try {
            assertThat(sendEightBit(chain).text())
                    .contains("Content-Transfer-Encoding: quoted-printable")
                    .contains("Gr=C3=BC=C3=9Fe");
        } finally {
            chain.openRelay();
        }
    }

    private static SmtpSink.Message sendEightBit(PostfixChain chain) throws IOException, InterruptedException {
        String id = unique();
        try (SmtpSender client = chain.connect()) {
            assertThat(client.command("EHLO client.example.org").lines()).contains("250-8BITMIME");
            assertAccepted(client.command("MAIL FROM:<joe@example.org> BODY=8BITMIME"));
            assertAccepted(client.command("RCPT TO:<suzie@example.net>"));
            assertThat(client.command("DATA").code()).isEqualTo(354);
            client.send(SmtpSender.stuffed(message(id, SENDER, "Hello", "Gr\u00fc\u00dfe\n")));
            assertAccepted(client.readReply());
        }
        SmtpSink.Message delivered = chain.awaitMessageWith(id);
        chain.assertVerified(delivered);
        return delivered;
    }

    @ParameterizedTest
    @EnumSource
    void internationalized_addresses_and_headers_verify(Way way) throws Exception {
        PostfixChain chain = CHAINS.get(way);
        String id = unique();
        byte[] message = message(id, "j\u00fcrgen@example.org", "Gr\u00fc\u00dfe", "Gr\u00fc\u00dfe\n");
        try (SmtpSender client = chain.connect()) {
            assertThat(client.command("EHLO client.example.org").lines()).contains("250-SMTPUTF8");
            assertAccepted(client.command(octets("MAIL FROM:<j\u00fcrgen@example.org> SMTPUTF8 BODY=8BITMIME")));
            assertAccepted(client.command(octets("RCPT TO:<s\u00fc\u00dfe@example.net>")));
            assertThat(client.command("DATA").code()).isEqualTo(354);
            client.send(SmtpSender.stuffed(message));
            assertAccepted(client.readReply());
        }
        SmtpSink.Message delivered = chain.awaitMessageWith(id);
        assertThat(delivered.mailFrom())
                .startsWith(octets("<j\u00fcrgen@example.org>"))
                .contains("SMTPUTF8");
        assertThat(delivered.text()).contains(octets("Subject: Gr\u00fc\u00dfe\r\n"));
        chain.assertVerified(delivered);
    }

    @ParameterizedTest
    @EnumSource
    void a_message_without_a_return_path_is_signed_by_its_author(Way way) throws Exception {
        PostfixChain chain = CHAINS.get(way);
        String id = unique();
        assertAccepted(chain.submit("", SUZIE, message(id, SENDER, "Returned", "Sorry.\n")));
        SmtpSink.Message delivered = chain.awaitMessageWith(id);
        assertThat(delivered.mailFrom()).startsWith("<>");
        chain.assertVerified(delivered);
    }

    @ParameterizedTest
    @EnumSource
    void a_message_that_the_last_server_refuses_comes_back_to_its_sender(Way way) throws Exception {
        PostfixChain chain = CHAINS.get(way);
        String id = unique();
        assertAccepted(chain.submit(SENDER, List.of(UNKNOWN), message(id, SENDER, "Hello", "Anyone?\n")));
        SmtpSink.Message bounce = chain.awaitMessageWith(id);
        assertThat(bounce.mailFrom()).startsWith("<>");
        assertThat(bounce.recipients()).singleElement().asString().startsWith("<joe@example.org>");
        assertThat(bounce.text()).contains("550 5.1.1 No such user here").contains("DKIM-Signature: v=1;");
    }

    @ParameterizedTest
    @EnumSource
    void one_of_several_recipients_is_refused_and_the_others_get_the_message(Way way) throws Exception {
        PostfixChain chain = CHAINS.get(way);
        String id = unique();
        try (SmtpSender client = chain.connect()) {
            client.command("EHLO client.example.org");
            assertAccepted(client.command("MAIL FROM:<joe@example.org>"));
            assertAccepted(client.command("RCPT TO:<suzie@example.net>"));
            SmtpSender.Reply refused = client.command("RCPT TO:<" + REFUSED + ">");
            assertThat(refused.code()).isEqualTo(way == Way.AFTER_QUEUE ? 250 : 554);
            assertAccepted(client.command("RCPT TO:<eve@example.com>"));
            assertThat(client.command("DATA").code()).isEqualTo(354);
            client.send(SmtpSender.stuffed(message(id, SENDER, "Hello", "To you all.\n")));
            assertAccepted(client.readReply());
        }
        SmtpSink.Message delivered = way == Way.AFTER_QUEUE
                ? chain.awaitMessages(id, 2).stream()
                        .filter(message -> !message.mailFrom().startsWith("<>"))
                        .findFirst()
                        .orElseThrow()
                : chain.awaitMessageWith(id);
        assertThat(delivered.recipients())
                .hasSize(2)
                .anyMatch(recipient -> recipient.startsWith("<suzie@example.net>"))
                .anyMatch(recipient -> recipient.startsWith("<eve@example.com>"));
        chain.assertVerified(delivered);
        if (way == Way.AFTER_QUEUE) {
            assertThat(chain.received(id))
                    .as("and the sender hears of the one who was refused")
                    .anyMatch(message -> message.mailFrom().startsWith("<>")
                            && message.text().contains("<" + REFUSED + ">: Recipient address"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void requests_for_notifications_reach_the_last_server(Way way) throws Exception {
        PostfixChain chain = CHAINS.get(way);
        String id = unique();
        try (SmtpSender client = chain.connect()) {
            client.command("EHLO client.example.org");
            assertAccepted(client.command("MAIL FROM:<joe@example.org> RET=HDRS ENVID=" + id));
            assertAccepted(
                    client.command("RCPT TO:<suzie@example.net> NOTIFY=SUCCESS,FAILURE ORCPT=rfc822;old@example.net"));
            assertThat(client.command("DATA").code()).isEqualTo(354);
            client.send(SmtpSender.stuffed(message(id, SENDER, "Hello", "Did you get it?\n")));
            assertAccepted(client.readReply());
        }
        SmtpSink.Message delivered = chain.awaitMessageWith(id);
        assertThat(delivered.mailFrom()).contains("RET=HDRS").contains("ENVID=" + id);
        assertThat(delivered.recipients())
                .singleElement()
                .asString()
                .contains("NOTIFY=SUCCESS,FAILURE")
                .contains("ORCPT=rfc822;old@example.net");
        chain.assertVerified(delivered);
    }

    @ParameterizedTest
    @EnumSource
    void the_second_postfix_knows_the_first_client(Way way) throws Exception {
        PostfixChain chain = CHAINS.get(way);
        send(chain, "Who is it?\n");
        String line = chain.postfix()
                .awaitLog(text -> text.contains("postfix/signed/smtpd") && text.contains("orig_client="), PATIENCE);
        assertThat(line).contains("orig_client=unknown[127.0.0.1]");
    }

    @ParameterizedTest
    @EnumSource
    void lines_as_long_as_allowed_and_lines_of_dots_arrive_as_they_were(Way way) throws Exception {
        String body = "x".repeat(998) + "\n.\n..\n. \n" + ".".repeat(998) + "\nend\n.\n";
        SmtpSink.Message delivered = send(CHAINS.get(way), body);
        assertThat(delivered.text()).endsWith("\r\n\r\n" + body.replace("\n", "\r\n"));
    }

    @Test
    void longer_lines_are_broken_by_postfix_before_the_message_is_signed() throws Exception {
        SmtpSink.Message delivered = send(CHAINS.get(Way.AFTER_QUEUE), "x".repeat(5000) + "\n");
        assertThat(delivered.text().lines()).allMatch(line -> line.length() <= 998);
    }

    @ParameterizedTest
    @EnumSource
    void a_client_that_does_not_wait_for_replies_gets_all_of_them(Way way) throws Exception {
        PostfixChain chain = CHAINS.get(way);
        List<String> ids = List.of(unique(), unique());
        String envelope =
                "MAIL FROM:<joe@example.org>\r\nRCPT TO:<suzie@example.net>\r\nRCPT TO:<eve@example.com>\r\nDATA\r\n";
        try (SmtpSender client = chain.connect()) {
            assertThat(client.command("EHLO client.example.org").lines()).contains("250-PIPELINING");
            client.send(envelope.getBytes(StandardCharsets.US_ASCII));
            for (String id : ids) {
                assertThat(List.of(
                                client.readReply().code(),
                                client.readReply().code(),
                                client.readReply().code()))
                        .containsOnly(250);
                assertThat(client.readReply().code()).isEqualTo(354);
                String next = id.equals(ids.getLast()) ? "QUIT\r\n" : envelope;
                client.send(join(SmtpSender.stuffed(message(id, SENDER, "Hello", "In a hurry.\n")), next));
                assertAccepted(client.readReply());
            }
            assertThat(client.readReply().code()).isEqualTo(221);
        }
        for (String id : ids) {
            SmtpSink.Message delivered = chain.awaitMessageWith(id);
            assertThat(delivered.recipients()).hasSize(2);
            chain.assertVerified(delivered);
        }
    }

    private static byte[] join(byte[] message, String commands) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(message);
        all.writeBytes(commands.getBytes(StandardCharsets.US_ASCII));
        return all.toByteArray();
    }

    @ParameterizedTest
    @EnumSource
    void a_hundred_messages_at_once_arrive_once_each(Way way) throws Exception {
        PostfixChain chain = CHAINS.get(way);
        String subject = unique();
        try (Load load = Load.start(chain, subject, 100)) {
            load.awaitEnd();
        }
        List<SmtpSink.Message> delivered = chain.awaitMessages(subject, 100);
        chain.postfix().awaitQueue(0, PATIENCE);
        assertThat(chain.received(subject)).hasSize(100);
        chain.assertVerified("example.org", "2026", delivered);
    }

    @ParameterizedTest
    @EnumSource
    void a_message_that_cannot_be_signed_is_refused_and_the_sender_hears_of_it(Way way) throws Exception {
        PostfixChain chain = CHAINS.get(way);
        String id = unique();
        byte[] message = join(
                "From: eve@example.com\r\n".getBytes(StandardCharsets.US_ASCII),
                new String(message(id, SENDER, "Hello", "Who am I?\n"), StandardCharsets.US_ASCII));
        SmtpSender.Reply reply = chain.submit(SENDER, SUZIE, message);
        switch (way) {
            case BEFORE_QUEUE -> {
                assertThat(reply.toString()).startsWith("550 DKIM - permerror (");
                assertThat(chain.received(id)).isEmpty();
            }
            case AFTER_QUEUE -> {
                assertAccepted(reply);
                SmtpSink.Message bounce = chain.awaitMessageWith(id);
                assertThat(bounce.mailFrom()).startsWith("<>");
                assertThat(bounce.recipients()).singleElement().asString().startsWith("<joe@example.org>");
                assertThat(bounce.text()).contains("550 DKIM - permerror (");
            }
        }
    }

    @Test
    void while_the_relay_is_down_messages_wait_in_the_queue() throws Exception {
        PostfixChain chain = CHAINS.get(Way.AFTER_QUEUE);
        List<String> ids = List.of(unique(), unique(), unique());
        chain.closeRelay();
        try {
            for (String id : ids) {
                assertAccepted(chain.submit(SENDER, SUZIE, message(id, SENDER, "Hello", "Later.\n")));
            }
            chain.postfix()
                    .awaitLog(
                            line -> line.contains("status=deferred")
                                    && line.contains("421 Internal error (Next hop is down)"),
                            PATIENCE);
            chain.postfix().awaitQueue(ids.size(), PATIENCE);
            assertThat(chain.proxy().log())
                    .anyMatch(line ->
                            line.startsWith("session with " + chain.postfix().host() + " ended: "));
        } finally {
            chain.openRelay();
        }
        assertAllArriveOnce(chain, ids);
    }

    @Test
    void while_the_proxy_is_down_messages_wait_in_the_queue() throws Exception {
        PostfixChain chain = CHAINS.get(Way.AFTER_QUEUE);
        List<String> ids = List.of(unique(), unique(), unique());
        assertThat(chain.proxy().stop()).isZero();
        try {
            for (String id : ids) {
                assertAccepted(chain.submit(SENDER, SUZIE, message(id, SENDER, "Hello", "Later.\n")));
            }
            chain.postfix()
                    .awaitLog(
                            line -> line.contains("status=deferred") && line.contains("Connection refused"), PATIENCE);
            chain.postfix().awaitQueue(ids.size(), PATIENCE);
        } finally {
            chain.startProxy();
        }
        assertAllArriveOnce(chain, ids);
    }

    private static void assertAllArriveOnce(PostfixChain chain, List<String> ids) throws Exception {
        chain.postfix().flush();
        chain.postfix().awaitQueue(0, PATIENCE);
        for (String id : ids) {
            chain.assertVerified(chain.awaitMessageWith(id));
        }
    }

    @Test
    void a_proxy_that_is_restarted_under_load_loses_and_doubles_nothing() throws Exception {
        PostfixChain chain = CHAINS.get(Way.AFTER_QUEUE);
        String subject = unique();
        try (Load load = Load.start(chain, subject, 100)) {
            chain.awaitBeginOf(subject);
            assertThat(chain.proxy().stop()).isZero();
            chain.startProxy();
            load.awaitEnd();
        }
        List<SmtpSink.Message> delivered = chain.awaitMessages(subject, 100);
        chain.postfix().awaitQueue(0, PATIENCE);
        assertThat(chain.received(subject)).hasSize(100);
        chain.assertVerified("example.org", "2026", delivered);
    }

    @Test
    void before_the_queue_a_client_is_told_to_try_again_while_proxy_or_relay_is_down() throws Exception {
        PostfixChain chain = CHAINS.get(Way.BEFORE_QUEUE);
        String id = unique();
        byte[] message = message(id, SENDER, "Hello", "Again.\n");
        chain.closeRelay();
        try {
            assertThat(chain.submit(SENDER, SUZIE, message).isClass(4)).isTrue();
        } finally {
            chain.openRelay();
        }
        chain.proxy().stop();
        try {
            assertThat(chain.submit(SENDER, SUZIE, message).isClass(4)).isTrue();
        } finally {
            chain.startProxy();
        }
        assertThat(chain.received(id)).isEmpty();
        assertAccepted(chain.submit(SENDER, SUZIE, message));
        chain.assertVerified(chain.awaitMessageWith(id));
    }

    /** Postfix's own load generator, at work. */
    private record Load(Process process, Path output) implements AutoCloseable {
        static Load start(PostfixChain chain, String subject, int messages) throws IOException {
            Path output = Files.createTempFile(folder, "smtp-source", ".txt");
            Process process = new ProcessBuilder(
                            "/usr/sbin/smtp-source",
                            "-s",
                            "20",
                            "-m",
                            Integer.toString(messages),
                            "-S",
                            subject,
                            "-f",
                            SENDER,
                            "-t",
                            SUZIE.getFirst(),
                            chain.submission())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            return new Load(process, output);
        }

        void awaitEnd() throws IOException, InterruptedException {
            assertThat(process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS))
                    .as("smtp-source ends")
                    .isTrue();
            assertThat(process.exitValue())
                    .as(Files.readString(output, StandardCharsets.ISO_8859_1))
                    .isZero();
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }
}
