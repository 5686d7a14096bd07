package org.dkimproxy.standalone.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.dkimproxy.sendermap.conf.ConfFile;
import org.dkimproxy.sendermap.text.Parsed;
import org.dkimproxy.signing.DkimSigner;
import org.dkimproxy.signing.FileSource;
import org.dkimproxy.signing.MessageSummary;
import org.dkimproxy.signing.SignerSettings;
import org.dkimproxy.signing.SigningOutcome;
import org.dkimproxy.signing.config.OptionTable;
import org.dkimproxy.signing.config.SigningOptions;
import org.dkimproxy.testkit.PrivateKeys;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The lines that administrators search for, as text, for each thing that can become of a message. */
class OutcomeLogTest {
    private static final String REST = "Message-ID: <1@example.org>\nSubject: x\n\nbody\n";

    @TempDir
    static Path directory;

    private static DkimSigner signer;

    @BeforeAll
    static void configure() throws Exception {
        Path key = PrivateKeys.writeNewRsa(directory.resolve("key.pem"));
        Path senders = Files.writeString(directory.resolve("senders"), """
            example.org      dkim
            off.example.org\\s
            dk.example.org   domainkeys(d=example.net)
            bad.example.org  dkim(d=$senderdomain,i=a@elsewhere.example)
            id.example.org   dkim(i=$sender),dkim
            """.replace("\\s", " "));
        Path lists = Files.writeString(directory.resolve("lists"), "dev.example.org dkim\n");
        signer = signer("sender_map " + senders + "\nlistid_map " + lists + "\nselector s\nkeyfile " + key + "\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // signed
                "From: a@example.org | info DKIM signing - signed; message-id=<1@example.org>, signer=<@example.org>,"
                        + " from=<a@example.org>",
                "Sender: b@example.org // From: a@example.com | info DKIM signing - signed;"
                        + " message-id=<1@example.org>, signer=<@example.org>, sender=<b@example.org>",
                "From: Joe <joe@id.example.org> | info DKIM signing - signed; message-id=<1@example.org>,"
                        + " signer=<@id.example.org>, from=<joe@id.example.org>",
                "From: a@example.com // List-Id: Developers <dev.example.org> | info DKIM signing - signed;"
                        + " message-id=<1@example.org>, signer=<@example.org>, from=<a@example.com>",
                // no rule wants a signature
                "From: a@example.com | info DKIM signing - skipped; message-id=<1@example.org>, from=<a@example.com> |"
                        + " info unsigned: no rule matches a@example.com; message-id=<1@example.org>,"
                        + " from=<a@example.com>",
                "Sender: b@example.com // From: a@example.org | info DKIM signing - skipped;"
                        + " message-id=<1@example.org>, sender=<b@example.com> | info unsigned: no rule matches"
                        + " b@example.com; message-id=<1@example.org>, sender=<b@example.com>",
                "From: a@off.example.org | info DKIM signing - skipped; message-id=<1@example.org>,"
                        + " from=<a@off.example.org> | info unsigned: the rule for off.example.org asks for no signature;"
                        + " message-id=<1@example.org>, from=<a@off.example.org>",
                "From: a@dk.example.org | info DKIM signing - skipped; message-id=<1@example.org>,"
                        + " from=<a@dk.example.org> | info unsigned: DomainKeys signs only for the originator's own domain"
                        + " (RFC 4870 section 3.2.3); message-id=<1@example.org>, from=<a@dk.example.org>",
                // nobody knows which rule it is for
                "To: b@example.org | info DKIM signing - skipped; message-id=<1@example.org> | info unsigned: no From"
                        + " field (RFC 6376 section 5.4); message-id=<1@example.org>",
                "From: a@example.com // From: b@example.com | info DKIM signing - skipped; message-id=<1@example.org> |"
                        + " info unsigned: 2 From fields (RFC 6376 section 8.15); message-id=<1@example.org>",
                "From: a@example.org // Sender: a@example.org // Sender: b@example.org | info DKIM signing - skipped;"
                        + " message-id=<1@example.org> | info unsigned: 2 Sender fields (RFC 6376 section 8.15);"
                        + " message-id=<1@example.org>",
                "From: root (Cron <Daemon>); x | info DKIM signing - skipped; message-id=<1@example.org> | info"
                        + " unsigned: no address in the From field: root (Cron ?Daemon?)? x; message-id=<1@example.org>",
                "From: a@example.org // X: FLOOD | info DKIM signing - skipped | info unsigned: a header of over"
                        + " 1048576 octets",
                // a signature is wanted and cannot be made
                "From: a@example.org // From: b@example.org | warning signing error: 2 From fields (RFC 6376 section"
                        + " 8.15), message leaves unsigned; message-id=<1@example.org>",
                "From: a@example.org // Sender: nobody | info DKIM signing - signed; message-id=<1@example.org>,"
                        + " signer=<@example.org>, from=<a@example.org>",
                "Sender: a@example.org | warning signing error: no From field (RFC 6376 section 5.4), message leaves"
                        + " unsigned; message-id=<1@example.org>, sender=<a@example.org>",
                "Sender: a@example.org // From: a // From: b | warning signing error: 2 From fields (RFC 6376 section"
                        + " 8.15), message leaves unsigned; message-id=<1@example.org>, sender=<a@example.org>",
                "From: a@bad.example.org | warning signing error: i= is not an address in d=bad.example.org:"
                        + " a@elsewhere.example, message leaves unsigned; message-id=<1@example.org>,"
                        + " from=<a@bad.example.org>",
                "From: a@example.org // no field | warning signing error: header line 2 is not a field (RFC 5322"
                        + " section 2.2), message leaves unsigned; message-id=<1@example.org>, from=<a@example.org>",
                "From: a@example.org // To: a // MANY"
                        + " | warning signing error: 1001 fields to sign, more than 1000, message leaves unsigned;"
                        + " message-id=<1@example.org>, from=<a@example.org>",
            })
    void linesOfAMessage(org.junit.jupiter.params.aggregator.ArgumentsAccessor row) {
        String header = row.getString(0)
                .replace(" // ", "\n")
                .replace("FLOOD", "x".repeat(1 << 20))
                .replace("MANY", "To: a\n".repeat(993).stripTrailing());
        List<String> expected =
                row.toList().stream().skip(1).map(String::valueOf).toList();

        assertThat(lines(sign(header + "\n" + REST), false)).isEqualTo(expected);
    }

    @Test
    void key_that_does_not_sign_is_named_and_a_refusal_is_told() {
        SigningOutcome failed = new SigningOutcome.Failed(
                SigningOutcome.Kind.TEMPORARY,
                "key file /k.pem does not sign: broken",
                new MessageSummary(
                        Optional.of("1@example.org"),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of("a@example.org")));

        assertThat(lines(failed, false))
                .containsExactly(
                        "warning signing error: key file /k.pem does not sign: broken, message leaves unsigned;"
                                + " message-id=<1@example.org>, from=<a@example.org>");
        assertThat(lines(failed, true))
                .containsExactly("warning signing error: key file /k.pem does not sign: broken, message refused;"
                        + " message-id=<1@example.org>, from=<a@example.org>");
    }

    @Test
    void what_is_unknown_of_a_message_is_left_out_and_nothing_in_it_looks_like_an_attribute() {
        assertThat(lines(sign("From: a@example.org\n\n"), false))
                .containsExactly("info DKIM signing - signed; signer=<@example.org>, from=<a@example.org>");
        assertThat(lines(sign("From: a@example.org\nMessage-ID: <x>, from=<b@example.net>\n\n"), false))
                .containsExactly(
                        "info DKIM signing - signed; message-id=<x>, signer=<@example.org>, from=<a@example.org>");
    }

    private static SigningOutcome sign(String message) {
        return signer.sign(message.replace("\n", "\r\n").getBytes(StandardCharsets.ISO_8859_1));
    }

    private static List<String> lines(SigningOutcome outcome, boolean refusesFailures) {
        List<String> lines = new ArrayList<>();
        OutcomeLog.write(
                new DkimproxyLog() {
                    @Override
                    public void log(LogLevel level, String message) {
                        lines.add(level.word() + " " + message);
                    }

                    @Override
                    public boolean isWanted(LogLevel level) {
                        return true;
                    }
                },
                outcome,
                refusesFailures);
        return lines;
    }

    private static DkimSigner signer(String conf) {
        Parsed<SignerSettings> settings = SigningOptions.read(
                ConfFile.parse(
                                "conf",
                                conf.getBytes(StandardCharsets.UTF_8),
                                OptionTable.of(SigningOptions.GROUP).names())
                        .value(),
                FileSource.PLAIN);
        assertThat(settings.hasErrors()).as(settings.problems().toString()).isFalse();
        Parsed<Optional<DkimSigner>> signer = DkimSigner.create(settings.value());
        return signer.value().orElseThrow(() -> new AssertionError(signer.problems()));
    }
}
