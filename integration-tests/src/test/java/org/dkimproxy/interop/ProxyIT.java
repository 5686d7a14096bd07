package org.dkimproxy.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.dkimproxy.testkit.JdkimJudge;
import org.dkimproxy.testkit.RunningProxy;
import org.dkimproxy.testkit.SmtpSender;
import org.dkimproxy.testkit.SmtpSink;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Mail through the built program over real sockets: it arrives octet for octet, with signatures on top. */
class ProxyIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String SMTP_SOURCE = "/usr/sbin/smtp-source";

    @TempDir
    static Path folder;

    private static Path conf;
    private static Map<String, String> records;

    @BeforeAll
    static void configure() throws Exception {
        TestKeys keys = TestKeys.generate(folder);
        Path map = folder.resolve("sender_map");
        Files.writeString(
                map,
                ". dkim(c=relaxed/relaxed,d=example.org,s=one,key=" + keys.rsaFile() + ")\n",
                StandardCharsets.UTF_8);
        conf = folder.resolve("dkimproxy_out.conf");
        Files.writeString(conf, "listen 127.0.0.1:0\nsender_map " + map + "\n", StandardCharsets.UTF_8);
        records = Map.of("one._domainkey.example.org", keys.record("rsa-sha256"));
    }

    private static RunningProxy start(SmtpSink relay) throws IOException, InterruptedException {
        return RunningProxy.start(
                Tree.ROOT,
                PATIENCE,
                "--conf_file=" + conf,
                "--relay=127.0.0.1:" + relay.address().getPort());
    }

    @Test
    void every_message_arrives_as_it_was_sent_with_a_signature_on_top() throws Exception {
        try (SmtpSink relay = SmtpSink.start();
                RunningProxy proxy = start(relay)) {
            int sent = 0;
            for (Mail mail : MessageSet.signable()) {
                byte[] message = mail.completed();
                try (SmtpSender sender = SmtpSender.connect(proxy.address(), PATIENCE)) {
                    sender.readReply();
                    assertThat(sender.transact("joe@example.org", List.of("suzie@example.net"), message)
                                    .code())
                            .as(mail.name())
                            .isEqualTo(250);
                }
                byte[] received =
                        relay.awaitMessages(++sent, PATIENCE).getLast().data();
                assertThat(withoutSignature(received)).as(mail.name()).isEqualTo(message);
            }
            assertThat(proxy.stop()).isZero();
        }
    }

    @Test
    void messages_that_are_not_signed_arrive_as_they_were_sent_and_the_log_says_why() throws Exception {
        try (SmtpSink relay = SmtpSink.start();
                RunningProxy proxy = start(relay)) {
            int sent = 0;
            for (Mail mail : MessageSet.refused()) {
                byte[] message = mail.completed();
                try (SmtpSender sender = SmtpSender.connect(proxy.address(), PATIENCE)) {
                    sender.readReply();
                    sender.transact("joe@example.org", List.of("suzie@example.net"), message);
                }
                byte[] received =
                        relay.awaitMessages(++sent, PATIENCE).getLast().data();
                assertThat(received).as(mail.name()).isEqualTo(message);
            }
            proxy.stop();
            assertThat(proxy.log().stream().filter(line -> line.contains("signing error: ")))
                    .hasSize(sent);
        }
    }

    @Test
    void postfix_smtp_source_sends_many_at_once() throws Exception {
        Requirements.postfix();
        int messages = 200;
        try (SmtpSink relay = SmtpSink.start();
                RunningProxy proxy = start(relay)) {
            Programs.Result source = Programs.run(
                    PATIENCE,
                    List.of(
                            SMTP_SOURCE,
                            "-s",
                            "10",
                            "-m",
                            Integer.toString(messages),
                            "-l",
                            "4096",
                            "-f",
                            "joe@example.org",
                            "-t",
                            "suzie@example.net",
                            "127.0.0.1:" + proxy.address().getPort()));
            assertThat(source.exit()).as(source.errors()).isZero();
            List<SmtpSink.Message> received = relay.awaitMessages(messages, PATIENCE);
            assertThat(received).hasSize(messages);
            for (SmtpSink.Message message : received) {
                assertThat(message.mailFrom()).contains("joe@example.org");
                assertThat(new JdkimJudge(records).judge(message.data()))
                        .singleElement()
                        .matches(JdkimJudge.Judgement::passes);
            }
        }
    }

    /** What follows the first field, which has to be a signature. */
    private static byte[] withoutSignature(byte[] message) {
        String text = new String(message, StandardCharsets.ISO_8859_1);
        assertThat(text).startsWith("DKIM-Signature: v=1; a=rsa-sha256; ");
        int end = text.indexOf("\r\n");
        while (text.startsWith("\t", end + 2)) {
            end = text.indexOf("\r\n", end + 2);
        }
        return Arrays.copyOfRange(message, end + 2, message.length);
    }
}
