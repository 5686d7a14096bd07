package org.dkimproxy.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.dkimproxy.testkit.RunningProxy;
import org.dkimproxy.testkit.SmtpSender;
import org.dkimproxy.testkit.SmtpSink;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What administrators of dkimproxy.out 1.4.1 rely on, with the built program as a process. */
class ContractIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    Path folder;

    private TestKeys keys;
    private SmtpSink relay;

    @BeforeEach
    void start() throws Exception {
        keys = TestKeys.generate(folder);
        relay = SmtpSink.start();
    }

    @AfterEach
    void stop() throws IOException {
        relay.close();
    }

    private String relayAddress() {
        return "127.0.0.1:" + relay.address().getPort();
    }

    private Path conf(String lines) throws IOException {
        return Files.writeString(
                folder.resolve("conf"),
                "listen 127.0.0.1:0\nrelay " + relayAddress() + "\n" + lines.replace("FOLDER", folder.toString()),
                StandardCharsets.UTF_8);
    }

    private RunningProxy proxy(String... words) throws IOException, InterruptedException {
        return RunningProxy.start(Tree.ROOT, PATIENCE, words);
    }

    private static byte[] message(String header) {
        return (header.replace("\n", "\r\n") + "\r\nHello.\r\n").getBytes(StandardCharsets.US_ASCII);
    }

    private static String send(RunningProxy proxy, String header) throws IOException {
        try (SmtpSender sender = SmtpSender.connect(proxy.address(), PATIENCE)) {
            sender.readReply();
            String reply = sender.transact("joe@example.org", List.of("suzie@example.net"), message(header))
                    .toString();
            sender.command("QUIT");
            return reply;
        }
    }

    @Test
    void the_log_of_a_running_proxy_is_what_people_search_for() throws Exception {
        Path conf = conf(
                "domain example.org,example.com\nselector s\nkeyfile FOLDER/rsa.pem\nsignature dkim(a=rsa-sha256)\n");
        try (RunningProxy proxy = proxy("--conf_file=" + conf)) {
            send(proxy, "From: Joe <joe@example.org>\nMessage-ID: <1@x>\n");
            send(proxy, "From: joe@example.org\nSender: Boss <boss@mail.example.com>\nMessage-ID: <2@x>\n");
            send(proxy, "From: eve@example.net\nMessage-ID: <3@x>\n");
            send(proxy, "From: joe@example.org\nFrom: eve@example.net\nMessage-ID: <4@x>\n");
            assertThat(proxy.stop()).isZero();
            // what comes before depends on the machine and on who starts it
            assertThat(proxy.log().stream()
                            .dropWhile(line -> !line.startsWith("listening on "))
                            .map(line -> line.replaceFirst("; session=[0-9a-z]+-([0-9a-z]+)$", "; session=$1")))
                    .containsExactly(
                            "listening on 127.0.0.1:" + proxy.address().getPort() + ", relaying to " + relayAddress(),
                            "connect from 127.0.0.1; session=1",
                            "DKIM signing - signed; message-id=<1@x>, signer=<@example.org>, from=<joe@example.org>; session=1",
                            "connect from 127.0.0.1; session=2",
                            "notice: d=example.com is not aligned with the From domain example.org, so DMARC does not count"
                                    + " this signature (logged once for each d=); message-id=<2@x>,"
                                    + " sender=<boss@mail.example.com>; session=2",
                            "DKIM signing - signed; message-id=<2@x>, signer=<@example.com>,"
                                    + " sender=<boss@mail.example.com>; session=2",
                            "connect from 127.0.0.1; session=3",
                            "DKIM signing - skipped; message-id=<3@x>, from=<eve@example.net>; session=3",
                            "unsigned: no rule matches eve@example.net; message-id=<3@x>, from=<eve@example.net>; session=3",
                            "connect from 127.0.0.1; session=4",
                            "signing error: 2 From fields (RFC 6376 section 8.15), message leaves unsigned;"
                                    + " message-id=<4@x>; session=4",
                            "stopped");
        }
        assertThat(relay.messages()).hasSize(4);
    }

    @ParameterizedTest
    @ValueSource(strings = {"reject_error", "reject-error", "--reject-error", "--reject_error=1"})
    void reject_error_is_told_at_the_start_and_keeps_unsigned_mail_from_the_relay(String option) throws Exception {
        boolean inConf = !option.startsWith("--");
        String rest = "domain example.org\nselector s\nkeyfile FOLDER/rsa.pem\nsignature dkim(a=rsa-sha256)\n";
        Path conf = conf(inConf ? rest + option + "\n" : rest);
        List<String> words = new ArrayList<>(List.of("--conf_file=" + conf));
        if (!inConf) {
            words.add(option);
        }
        try (RunningProxy proxy = proxy(words.toArray(String[]::new))) {
            assertThat(send(proxy, "From: a@example.org\nFrom: b@example.org\nMessage-ID: <1@x>\n"))
                    .isEqualTo("550 DKIM - permerror (2 From fields (RFC 6376 section 8.15))");
            assertThat(send(proxy, "From: eve@example.net\n")).startsWith("250 ");
            proxy.stop();
            assertThat(proxy.log().stream().map(line -> line.replaceFirst("; session=.*", "")))
                    .contains(
                            "reject_error is on: a message that cannot be signed is refused (dkimproxy 1.4 heeded it on the"
                                    + " command line alone)",
                            "signing error: 2 From fields (RFC 6376 section 8.15), message refused; message-id=<1@x>");
        }
        assertThat(relay.messages()).hasSize(1);
    }

    @Test
    void the_conf_file_that_came_with_the_original_works_as_it_is() throws Exception {
        Requirements.mailDkim();
        Path conf = conf("""
            domain    example.org
            signature dkim(c=relaxed)
            signature domainkeys(c=nofws)
            keyfile   FOLDER/rsa.pem
            selector  selector1
            """);
        try (RunningProxy proxy = proxy("--conf_file=" + conf)) {
            send(proxy, """
                From: joe@example.org
                To: suzie@example.net
                Subject: x
                Date: Mon, 23 Nov 2026 08:00:00 +0000
                """);
        }
        SmtpSink.Message received = relay.messages().getFirst();
        assertThat(fieldNames(received)).startsWith("DKIM-Signature", "DomainKey-Signature", "From");
        TreeMap<String, String> records = new TreeMap<>();
        records.put("selector1._domainkey.example.org", keys.record("rsa-sha256"));
        Signed signed = new Signed("example", received.data(), List.of());
        Map<String, Map<String, Verdict>> verdicts = ScriptVerifier.MAIL_DKIM.judge(
                List.of(signed), new DnsRecords(records), Files.createDirectory(folder.resolve("verify")));
        assertThat(verdicts.get("example"))
                .hasEntrySatisfying(
                        "selector1", verdict -> assertThat(verdict.passes()).isTrue());
    }

    private static List<String> fieldNames(SmtpSink.Message message) {
        return Arrays.stream(message.text().split("\r\n\r\n", 2)[0].split("\r\n(?![ \t])"))
                .map(field -> field.substring(0, field.indexOf(':')))
                .toList();
    }

    @Test
    void names_need_no_hyphens_and_addresses_as_arguments_win() throws Exception {
        try (RunningProxy proxy = proxy(
                "listen=127.0.0.1:1",
                "--relay=127.0.0.1:1",
                "domain",
                "example.org",
                "selector=s",
                "--keyfile",
                keys.rsaFile().toString(),
                "127.0.0.1:0",
                relayAddress())) {
            assertThat(send(proxy, "From: joe@example.org\n")).startsWith("250 ");
        }
        assertThat(fieldNames(relay.messages().getFirst())).containsExactly("DKIM-Signature", "From");
    }

    @Test
    void the_question_mark_asks_for_help_and_the_exit_code_is_1() throws Exception {
        Programs.Result help = Programs.run(PATIENCE, List.of(Tree.program("dkimproxy.out"), "-?"));
        assertThat(help.output()).startsWith("Usage: dkimproxy.out ");
        assertThat(help.exit()).isEqualTo(1);
    }

    @Test
    void a_signature_with_a_key_of_its_own_does_without_the_global_one() throws Exception {
        Path conf = conf("keyfile FOLDER/missing.key\nsender_map FOLDER/map\n");
        Files.writeString(
                folder.resolve("map"),
                "example.org dkim(s=s,a=rsa-sha256,key=" + keys.rsaFile() + ")\n",
                StandardCharsets.UTF_8);
        try (RunningProxy proxy = proxy("--conf_file=" + conf)) {
            send(proxy, "From: joe@example.org\n");
        }
        assertThat(fieldNames(relay.messages().getFirst())).containsExactly("DKIM-Signature", "From");
    }

    @Test
    void rsa_sha1_signs_where_it_is_asked_for_and_is_warned_about() throws Exception {
        Path conf = conf("domain example.org\nselector s\nkeyfile FOLDER/rsa.pem\nsignature dkim(a=rsa-sha1)\n");
        try (RunningProxy proxy = proxy("--conf_file=" + conf)) {
            send(proxy, "From: joe@example.org\n");
            proxy.stop();
            assertThat(proxy.log())
                    .anyMatch(line -> line.startsWith(conf + ":6:18: warning: found algorithm \"rsa-sha1\""));
        }
        assertThat(relay.messages().getFirst().text()).startsWith("DKIM-Signature: v=1; a=rsa-sha1;");
    }

    @Test
    void a_message_without_an_author_is_not_signed() throws Exception {
        Path conf = conf("domain example.org\nselector s\nkeyfile FOLDER/rsa.pem\nsignature dkim(a=rsa-sha256)\n");
        try (RunningProxy proxy = proxy("--conf_file=" + conf)) {
            send(proxy, "Sender: joe@example.org\nSubject: x\n");
        }
        assertThat(fieldNames(relay.messages().getFirst())).containsExactly("Sender", "Subject");
    }

    @Test
    void a_missing_relay_is_told_as_the_original_did() throws Exception {
        Path conf = conf("domain example.org\nselector s\nkeyfile FOLDER/rsa.pem\n");
        relay.close();
        try (RunningProxy proxy = proxy("--conf_file=" + conf);
                SmtpSender sender = SmtpSender.connect(proxy.address(), PATIENCE)) {
            assertThat(sender.readReply().toString()).isEqualTo("421 Internal error (Next hop is down)");
            assertThat(sender.isClosedByServer()).isTrue();
        }
    }
}
