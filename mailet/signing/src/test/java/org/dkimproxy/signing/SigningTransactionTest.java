package org.dkimproxy.signing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.signers.Ed25519Signer;
import org.dkimproxy.signing.key.TestKeys;
import org.dkimproxy.signing.log.CapturingLogProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SigningTransactionTest {
    private static final String RULE = "domain=example.org\nselector=mail\nkeyfile=ed.pem\n";
    private static final String EVERY_DKIM_METHOD = """
            domain=example.org
            selector=mail
            keyfile=ed.pem
            signature=dkim(c=simple/simple),dkim(c=simple/relaxed),dkim(c=relaxed/simple),dkim(c=relaxed/relaxed)
            signature=dkim(c=nowsp),dkim(c=nowsp/nowsp)
            """;
    private static final String EVERY_RSA_METHOD = """
            domain=example.org
            selector=mail
            keyfile=rsa.pem
            signature=dkim(a=rsa-sha1,c=relaxed/relaxed),domainkeys(c=simple),domainkeys(c=nofws)
            """;

    /** Lines end in LF here, each a CRLF when signed; {@code \r} is a stray one. */
    private static final List<String> MESSAGES = List.of(
            "From: a@example.org\n\nbody\n",
            "From: a@example.org\n\n",
            "From: a@example.org\n",
            "From: a@example.org",
            "From: a@example.org\n\n\n\n\n",
            "From: a@example.org\n\nno end",
            "From: a@example.org\n\n \t\n\t \n",
            "From: a@example.org\n\n a  b \n\n\tc\t\n\n\n",
            "From: a@example.org\n\na\rb\r\n\r\r\n",
            "To: x\nFROM :\n  =?utf-8?Q?J?=\n <a@example.org>\nTo: y\nSubject:  a \t b \n\n\u00e4\u0080\n.\n..\n",
            "Received: x\n y\nDate: now\nFrom: a@example.org\nX: \u00ff\n \t\nSubject:\n\nbody \n",
            "No field\nFrom: a@example.org\n\nbody\n",
            "From: a@example.org\nFrom: b@example.org\n\nbody\n",
            "\n\nbody\n",
            "");

    private Workbench bench;

    @BeforeAll
    void fill(@TempDir Path folder) {
        bench = new Workbench(folder);
    }

    @Test
    void each_message_cut_at_each_octet_has_the_same_outcome() {
        DkimSigner dkim = bench.signer(EVERY_DKIM_METHOD);
        DkimSigner rsa = bench.signer(EVERY_RSA_METHOD);
        for (String message : MESSAGES) {
            byte[] octets = octets(message);
            for (DkimSigner signer : List.of(dkim, rsa)) {
                SigningOutcome whole = signer.sign(octets);
                for (int cut = 0; cut <= octets.length; cut++) {
                    assertThat(inChunks(signer, octets, cut))
                            .as("%s cut at %d", message, cut)
                            .isEqualTo(whole);
                }
                int[] each = java.util.stream.IntStream.range(0, octets.length).toArray();
                assertThat(inChunks(signer, octets, each)).isEqualTo(whole);
            }
        }
    }

    @Test
    void the_outcomes_of_these_messages() {
        DkimSigner signer = bench.signer(RULE);
        assertThat(MESSAGES.stream().limit(11).map(message -> Workbench.sign(signer, message)))
                .allMatch(SigningOutcome.Signed.class::isInstance);
        assertThat(MESSAGES.stream()
                        .skip(11)
                        .map(message -> Workbench.sign(signer, message))
                        .map(Workbench::shown))
                .containsExactly(
                        "PERMANENT: header line 1 is not a field (RFC 5322 section 2.2)",
                        "PERMANENT: 2 From fields (RFC 6376 section 8.15)",
                        "PERMANENT: no From field (RFC 6376 section 5.4)",
                        "PERMANENT: no From field (RFC 6376 section 5.4)");
    }

    /** The whole field for a message known by heart, its signature checked with the public key (RFC 6376 section 3.7). */
    @Test
    void what_is_signed_is_the_canonical_header_and_then_the_field_itself() {
        DkimSigner signer = bench.signer(RULE + "method=relaxed/relaxed\n");
        SigningOutcome.Signed signed = (SigningOutcome.Signed)
                Workbench.sign(signer, "To: 1\nFrom:  a@example.org \nTo: 2\nX: y\nSubject : b\n\n");
        String field = signed.fields().getFirst().text();
        Matcher split = Pattern.compile("(?s)(.*; b=)(.*)").matcher(field);
        assertThat(split.matches()).isTrue();
        // RFC 6376 section 3.4.4: the hash of a relaxed body of no octets
        assertThat(split.group(1).replace("\r\n\t", ""))
                .isEqualTo("DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/relaxed; d=example.org; "
                        + "h=to:from:to:subject:from:subject:to; s=mail; t=1700000000; "
                        + "bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=; b=");
        String canonical = "to:2\r\nfrom:a@example.org\r\nto:1\r\nsubject:b\r\n"
                + split.group(1).replace("DKIM-Signature: ", "dkim-signature:").replaceAll("\r\n\t ?", " ");
        Ed25519Signer verifier = new Ed25519Signer();
        verifier.init(
                false,
                new Ed25519PrivateKeyParameters(java.util.HexFormat.of().parseHex(TestKeys.ED25519_SEED))
                        .generatePublicKey());
        byte[] digest = sha256(canonical.getBytes(ISO_8859_1));
        verifier.update(digest, 0, digest.length);
        assertThat(verifier.verifySignature(
                        Base64.getDecoder().decode(split.group(2).replace("\r\n\t", ""))))
                .isTrue();
        assertThat(signed.header()).isEqualTo((field + "\r\n").getBytes(ISO_8859_1));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "dkim                        | a=ed25519-sha256; c=relaxed; d=example.org; s=mail; t=1700000000",
                "dkim(t=off)                 | a=ed25519-sha256; c=relaxed; d=example.org; s=mail",
                "dkim(x=60)                  | a=ed25519-sha256; c=relaxed; d=example.org; s=mail; t=1700000000; x=1700000060",
                "dkim(t=no,x=1)              | a=ed25519-sha256; c=relaxed; d=example.org; s=mail; x=1700000001",
                "dkim(i=@example.org,s=S.T)  | a=ed25519-sha256; c=relaxed; d=example.org; s=S.T; i=@example.org; t=1700000000",
                "dkim(c=Simple/RELAXED)      | a=ed25519-sha256; c=simple/relaxed; d=example.org; s=mail; t=1700000000",
                "dkim(key=rsa.pem)           | a=rsa-sha256; c=relaxed; d=example.org; s=mail; t=1700000000",
                "dkim(key=rsa.pem,a=rsa-sha1) | a=rsa-sha1; c=relaxed; d=example.org; s=mail; t=1700000000",
                "domainkeys(key=rsa.pem)     | a=rsa-sha1; c=nofws; d=example.org; q=dns; s=mail",
            })
    void the_tags_of_a_signature(String specification, String tags) {
        DkimSigner signer = bench.signer(RULE + "signature=" + specification + "\n");
        String kind = specification.startsWith("dkim") ? "DKIM-v=1; " : "DomainKey-";
        assertThat(Workbench.shown(Workbench.sign(signer, "From: a@example.org\n\n")))
                .isEqualTo(kind + tags);
    }

    @Test
    void compat_brings_back_the_old_defaults() {
        String conf = "domain=example.org\nselector=mail\nkeyfile=rsa.pem\ncompat=dkimproxy-1.4\n";
        String message = "From: a@example.org\nSubject: x\nList-Unsubscribe-Post: y\nbroken\n\nbody\n";
        SigningOutcome outcome = Workbench.sign(bench.signer(conf), message);
        assertThat(Workbench.shown(outcome)).isEqualTo("DKIM-v=1; a=rsa-sha1; c=relaxed; d=example.org; s=mail");
        assertThat(names(outcome)).isEqualTo("from:subject");
        assertThat(names(Workbench.sign(bench.signer(conf + "oversign=on\n"), message)))
                .isEqualTo("from:subject:from:subject");
        assertThat(Workbench.shown(Workbench.sign(bench.signer(conf + "signature=dkim(a=rsa-sha256,t=on)\n"), message)))
                .isEqualTo("DKIM-v=1; a=rsa-sha256; c=relaxed; d=example.org; s=mail; t=1700000000");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''                                         | from:subject:list-unsubscribe-post:from:subject",
                "oversign=off                               | from:subject:list-unsubscribe-post",
                "oversign=extended | from:subject:list-unsubscribe-post"
                        + ":cc:content-description:content-id:content-transfer-encoding:content-type:date:from:in-reply-to"
                        + ":message-id:mime-version:references:reply-to:sender:subject:to",
                "signature=dkim(h=Subject:X-Two:x-none)     | from:subject:x-two:x-two:from:subject",
                "signature=dkim(h=x-two)                    | from:x-two:x-two:from",
            })
    void the_fields_that_are_signed(String option, String names) {
        DkimSigner signer = bench.signer(RULE + option + "\n");
        String message =
                "Received: x\nFrom: a@example.org\nSubject: x\nX-Two: 1\nList-Unsubscribe-Post: y\nX-Two: 2\n\n";
        assertThat(names(Workbench.sign(signer, message))).isEqualTo(names);
    }

    /** RFC 4870 section 3.3, h=: a verifier that finds the domain in Sender asks for a signature of Sender. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Sender: s@example.org; From: a@example.org; Subject: x | sender:from:subject",
                "From: a@example.org; Subject: x                        | from:subject",
            })
    void domainkeys_covers_the_originators_field_whatever_its_list(String header, String names) {
        DkimSigner signer = bench.signer(RULE + "signature=domainkeys(key=rsa.pem,h=subject)\n");
        assertThat(names(Workbench.sign(signer, header.replace("; ", "\n") + "\n\n")))
                .isEqualTo(names);
    }

    @Test
    void a_key_that_does_not_sign_is_told_in_the_log_and_not_to_clients() throws Exception {
        bench.write("composite.pem", TestKeys.composite());
        DkimSigner signer = bench.signer(RULE + "signature=dkim(key=composite.pem)\n");
        assertThat(Workbench.shown(Workbench.sign(signer, "From: a@example.org\n\n")))
                .isEqualTo("TEMPORARY: the key does not sign");
        assertThat(CapturingLogProvider.linesWith("composite.pem does not sign"))
                .singleElement()
                .asString()
                .startsWith("WARN key file " + bench.path("composite.pem") + " does not sign: ");
    }

    @Test
    void a_fault_of_the_signer_is_told_in_the_log_and_not_to_clients() {
        SignerSettings settings = bench.settings(RULE).value().withClock(() -> {
            throw new IllegalStateException("a secret fault");
        });
        DkimSigner signer = DkimSigner.create(settings).value().orElseThrow();
        assertThat(Workbench.shown(Workbench.sign(signer, "From: a@example.org\n\n")))
                .isEqualTo("TEMPORARY: internal fault");
        assertThat(CapturingLogProvider.linesWith("a fault in the signer")).isNotEmpty();
    }

    @Test
    void several_signatures_come_in_their_configured_order() {
        DkimSigner signer = bench.signer(
                RULE + "signature=dkim(s=one),domainkeys(s=two,key=rsa.pem)\nsignature=dkim(s=three,key=rsa.pem)\n");
        SigningOutcome outcome = Workbench.sign(signer, "From: a@example.org\nMessage-ID: <m@x>\n\n");
        SigningOutcome.Signed signed = (SigningOutcome.Signed) outcome;
        assertThat(signed.fields().stream().map(SignatureField::selector)).containsExactly("one", "two", "three");
        assertThat(new String(signed.header(), ISO_8859_1).lines().filter(line -> !line.startsWith("\t")))
                .extracting(line -> line.substring(0, line.indexOf(':')))
                .containsExactly("DKIM-Signature", "DomainKey-Signature", "DKIM-Signature");
        assertThat(signed.message().attributes())
                .isEqualTo("message-id=<m@x>, signer=<@example.org>, from=<a@example.org>");
    }

    @Test
    void each_of_several_signatures_is_the_one_that_is_made_alone() {
        List<String> specifications = List.of(
                "dkim(c=relaxed/relaxed)",
                "dkim(c=relaxed/relaxed)",
                "dkim(c=simple/relaxed)",
                "dkim(c=simple/relaxed,h=from:subject)",
                "dkim(c=relaxed/relaxed,h=from:subject)",
                "dkim(c=relaxed/relaxed)");
        String message = "From:  a@example.org\nSubject:  b  c\nTo:  d\n\nbody\n";
        List<SignatureField> together =
                signed(Workbench.sign(bench.signer(RULE + "signature=" + String.join(",", specifications)), message));
        assertThat(together)
                .containsExactlyElementsOf(specifications.stream()
                        .map(one -> signed(Workbench.sign(bench.signer(RULE + "signature=" + one), message))
                                .getFirst())
                        .toList());
    }

    /** The objects that sign are used again: not by two messages at once, and not after one that was given up. */
    @Test
    void messages_that_pass_at_the_same_time_are_signed_as_if_alone() {
        String conf = RULE + "signature=dkim,dkim(key=rsa.pem),domainkeys(key=rsa.pem)\n";
        DkimSigner signer = bench.signer(conf);
        List<String> messages = List.of(
                "From: a@example.org\r\nSubject: one\r\n\r\nbody of one\r\n",
                "From: b@example.org\r\nSubject: two\r\n\r\nanother body\r\n",
                "From: c@example.org\r\n\r\n");
        for (int round = 0; round < 3; round++) {
            feed(signer.begin(), messages.getFirst().getBytes(ISO_8859_1), 0, 45);
            List<SigningTransaction> open =
                    messages.stream().map(any -> signer.begin()).toList();
            for (int half = 0; half < 2; half++) {
                for (int i = 0; i < open.size(); i++) {
                    byte[] octets = messages.get(i).getBytes(ISO_8859_1);
                    int middle = octets.length - 2;
                    feed(open.get(i), octets, half == 0 ? 0 : middle, half == 0 ? middle : octets.length);
                }
            }
            for (int i = 0; i < open.size(); i++) {
                byte[] octets = messages.get(i).getBytes(ISO_8859_1);
                assertThat(signed(open.get(i).finish()))
                        .isEqualTo(signed(bench.signer(conf).sign(octets)));
            }
        }
    }

    @Test
    void all_signatures_or_none() {
        DkimSigner signer = bench.signer(RULE + "signature=dkim,dkim(i=$sender),dkim\n");
        assertThat(Workbench.sign(signer, "From: a@example.org\n\n")).isInstanceOf(SigningOutcome.Signed.class);
        assertThat(Workbench.shown(Workbench.sign(signer, "From: a@other.example\n\n")))
                .isEqualTo("PERMANENT: i= is not an address in d=example.org: a@other.example");
    }

    @Test
    void a_replaced_key_signs_the_next_message() throws Exception {
        bench.write("turn.pem", TestKeys.ed25519());
        DkimSigner signer = bench.signer(RULE + "keyfile=turn.pem\n");
        byte[] message = octets("From: a@example.org\n\n");
        SigningOutcome first = signer.sign(message);
        bench.write("turn.pem", TestKeys.ed25519("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"));
        assertThat(signer.sign(message)).isNotEqualTo(first);
        Files.delete(bench.path("turn.pem"));
        assertThat(signer.sign(message)).isInstanceOf(SigningOutcome.Signed.class);
    }

    @Test
    void a_message_that_no_rule_matches_is_skipped_however_odd_its_header() {
        DkimSigner signer = bench.signer("domain=example.org, example.net\nselector=mail\nkeyfile=ed.pem\n");
        assertThat(Workbench.shown(Workbench.sign(signer, "broken\nFrom: a@other.example\n\n")))
                .isEqualTo("skipped: no rule matches a@other.example");
        assertThat(Workbench.shown(Workbench.sign(signer, "broken\nFrom: a@example.net\n\n")))
                .isEqualTo("PERMANENT: header line 1 is not a field (RFC 5322 section 2.2)");
        assertThat(Workbench.shown(Workbench.sign(signer, "broken\nSubject: x\n\n")))
                .isEqualTo("skipped: no From field (RFC 6376 section 5.4), and header line 1 is not a field (RFC 5322"
                        + " section 2.2)");
    }

    /** Nobody knows whether a rule is for a message whose originator cannot be read, so none fails (reject_error). */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "Subject: x                                      | no From field (RFC 6376 section 5.4)",
                "From: a\\nFrom: b                                | 2 From fields (RFC 6376 section 8.15)",
                "From: a@example.org\\nSender: b@example.org\\nSender: c@example.org"
                        + " | 2 Sender fields (RFC 6376 section 8.15)",
                "From: root (Cron Daemon)                        | no address in the From field: root (Cron Daemon)",
                "From: root <>; d=x                              | no address in the From field: root ??? d=x",
                "From: a@example.org, b@example.net              | addresses of several domains in the From field:"
                        + " a@example.org, b@example.net",
                "X: 1234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890"
                        + " | a header of over 100 octets",
            })
    void an_originator_that_is_not_known_is_no_failure_where_a_rule_needs_one(String header, String reason) {
        String message = header.translateEscapes() + "\n\nbody\n";
        bench.write("one.map", "example.org dkim\n. dkim\n");
        for (String rule : List.of("domain=example.org, example.net", "sender_map=one.map")) {
            DkimSigner signer = bench.signer(rule + "\nselector=mail\nkeyfile=ed.pem\nsignature=dkim\n", 100);
            assertThat(Workbench.sign(signer, message))
                    .isInstanceOfSatisfying(SigningOutcome.Skipped.class, skipped -> {
                        assertThat(skipped.cause()).isEqualTo(SigningOutcome.Cause.UNKNOWN_ORIGINATOR);
                        assertThat(skipped.reason()).isEqualTo(reason);
                    });
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "domain=example.org                | From: root          | DKIM-v=1; a=ed25519-sha256; c=relaxed; d=example.org; s=mail",
                "domain=example.org                | Subject: x          | PERMANENT: no From field (RFC 6376 section 5.4)",
                "domain=example.org                | From: a\\nFrom: b   | PERMANENT: 2 From fields (RFC 6376 section 8.15)",
                "domain=example.org                | From: root\\nbroken | PERMANENT: header line 2 is not a field (RFC 5322 section 2.2)",
                // several From fields are a failure where a rule covers one of them
                "domain=example.org,example.net | From: a@example.org\\nFrom: b | PERMANENT: 2 From fields (RFC 6376 section 8.15)",
                "domain=example.org,example.net | From: a\\nFrom: b@example.net | PERMANENT: 2 From fields (RFC 6376 section 8.15)",
                "domain=example.org,example.net | From: a@example.com\\nFrom: b | skipped: 2 From fields (RFC 6376 section 8.15)",
                "domain=example.org,example.net | Subject: x      | skipped: no From field (RFC 6376 section 5.4)",
                // a signature that is the same for everyone, and one that is not
                "sender_map=fixed.map              | From: root          | DKIM-v=1; a=ed25519-sha256; c=relaxed; d=example.net; s=mail",
                "sender_map=fixed.map              | Subject: x          | PERMANENT: no From field (RFC 6376 section 5.4)",
                "sender_map=own.map                | From: root          | skipped: no address in the From field: root",
                "sender_map=org.map;domain=example.com | From: root      | DKIM-v=1; a=ed25519-sha256; c=relaxed; d=example.com; s=mail",
                "signature=dkim(d=example.net,t=off) | From: root        | DKIM-v=1; a=ed25519-sha256; c=relaxed; d=example.net; s=mail",
                "signature=dkim(d=$senderdomain)   | From: root          | skipped: no address in the From field: root",
                // the rule of a list needs no originator
                "listid_map=list.map               | From: root\\nList-Id: <a.example.net> | DKIM-v=1; a=ed25519-sha256; c=relaxed; d=example.net; s=mail",
                "listid_map=list.map               | From: root          | skipped: no address in the From field: root",
                // an identity is left out that depends on it
                "domain=example.org;identity=$sender | From: root        | DKIM-v=1; a=ed25519-sha256; c=relaxed; d=example.org; s=mail",
            })
    void an_originator_that_is_not_known_matters_only_to_rules_that_need_it(
            String rule, String header, String expected) {
        bench.write("fixed.map", ". dkim(d=example.net,t=off)\n")
                .write("own.map", ". dkim(d=m.$senderdomain),dkim(d=example.net)\n")
                .write("org.map", "example.org dkim\n")
                .write("list.map", "example.net dkim(t=off)\n");
        String signature = rule.contains("signature") ? "" : "\nsignature=dkim(t=off)";
        DkimSigner signer = bench.signer(rule.replace(';', '\n') + signature + "\nselector=mail\nkeyfile=ed.pem\n");
        assertThat(Workbench.shown(Workbench.sign(signer, header.translateEscapes() + "\n\nbody\n")))
                .isEqualTo(expected);
    }

    @Test
    void signatures_without_a_map_and_a_domain_are_for_everyone() {
        DkimSigner signer = bench.signer(
                "selector=mail\nkeyfile=ed.pem\nsignature=dkim(d=$senderdomain,t=off),dkim(d=example.net,t=off)\n");
        assertThat(Workbench.shown(Workbench.sign(signer, "From: a@mail.example.org\n\n")))
                .isEqualTo("DKIM-v=1; a=ed25519-sha256; c=relaxed; d=mail.example.org; s=mail + DKIM-v=1;"
                        + " a=ed25519-sha256; c=relaxed; d=example.net; s=mail");
        assertThat(signer.signatures().map(PlannedSignature::rule)).containsExactly("signature", "signature");
    }

    /** RFC 4870 section 3.3: DomainKeys follow Sender, whatever decides over the rules. */
    @ParameterizedTest
    @CsvSource({
        "a@example.org, b@example.net, 1",
        "a@example.net, b@example.org, 2",
        "a@example.net, b@sub.example.org, 2",
    })
    void originator_from_leaves_domainkeys_to_sender(String from, String sender, int fields) {
        DkimSigner signer = bench.signer("""
                domain=example.org
                originator=from
                selector=mail
                keyfile=rsa.pem
                signature=dkim,domainkeys
                """);
        assertThat(Workbench.sign(signer, "From: " + from + "\nSender: " + sender + "\n\n"))
                .isInstanceOfSatisfying(
                        SigningOutcome.Signed.class,
                        signed -> assertThat(signed.fields()).hasSize(fields));
    }

    /** A reader may show the other one. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "From\013: ceo@bank.example",
                "From\240: ceo@bank.example",
                "From\302\240: ceo@bank.example",
                "\357\273\277From: ceo@bank.example",
                "F\000rom: ceo@bank.example",
                "\002FROM \003: ceo@bank.example"
            })
    void compat_signs_no_message_with_a_look_alike_of_from(String lookAlike) {
        DkimSigner signer = bench.signer("domain=example.org\ncompat=dkimproxy-1.4\nselector=mail\nkeyfile=rsa.pem\n");
        for (String header : List.of(
                "From: a@example.org\n" + lookAlike + "\n", "Subject: x\n" + lookAlike + "\nFrom: a@example.org\n")) {
            assertThat(Workbench.shown(Workbench.sign(signer, header + "\nbody\n")))
                    .startsWith("PERMANENT: header line 2 looks like a From field");
        }
        assertThat(Workbench.shown(
                        Workbench.sign(signer, "From: a@example.org\nFrom his desk: x\nX from: y\nbroken\n\nbody\n")))
                .startsWith("DKIM-v=1");
    }

    @Test
    void compat_takes_the_first_of_several_authors() {
        DkimSigner signer = bench.signer("""
                domain=example.org, example.net
                compat=dkimproxy-1.4
                selector=mail
                keyfile=rsa.pem
                """);
        assertThat(Workbench.sign(signer, "From: a@example.net, b@example.org\n\n")
                        .message()
                        .from())
                .contains("a@example.net");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "signature=dkim                     | Subject: aVTb | simple/simple",
                "signature=dkim                     | Subject: aFFb | simple/simple",
                "signature=dkim                     | X-Unsigned: VT | relaxed",
                "signature=dkim(c=relaxed/relaxed)  | Subject: aVTb | relaxed/relaxed",
                "dkim_method=relaxed/relaxed        | Subject: aVTb | relaxed/relaxed",
                "method=relaxed                     | Subject: aVTb | relaxed",
                "compat=dkimproxy-1.4               | Subject: aVTb | relaxed",
            })
    void a_field_with_vt_or_ff_is_canonicalized_simple_unless_a_method_is_given(
            String option, String field, String method) {
        DkimSigner signer = bench.signer("domain=example.org\nselector=mail\nkeyfile=ed.pem\n" + option + "\n");
        String message = "From: a@example.org\n" + field.replace("VT", "\013").replace("FF", "\f");
        assertThat(Workbench.shown(Workbench.sign(signer, message + "\n\nbody\n")))
                .contains("; c=" + method + ";");
    }

    @Test
    void a_header_over_its_limit_is_not_signed_and_the_body_is_not_looked_at() {
        DkimSigner signer = bench.signer(RULE, 100);
        String message = "From: a@example.org\nX: " + "y".repeat(200) + "\n\nbody\n";
        byte[] octets = octets(message);
        for (int cut = 0; cut <= octets.length; cut++) {
            SigningOutcome outcome = inChunks(signer, octets, cut);
            assertThat(Workbench.shown(outcome)).isEqualTo("PERMANENT: a header of over 100 octets");
            assertThat(outcome.message().attributes()).isEmpty();
        }
        assertThat(Workbench.sign(signer, "From: a@example.org\n\n" + "y".repeat(1000)))
                .isInstanceOf(SigningOutcome.Signed.class);
    }

    @ParameterizedTest
    @CsvSource({
        "dkim,998,1000 fields",
        "dkim,999,1001 fields",
        "domainkeys,999,1000 fields",
        "domainkeys,1000,1001 fields"
    })
    void at_most_a_thousand_names_are_signed(String kind, int others, String fields) {
        DkimSigner signer = bench.signer(RULE + "signature=" + kind + "(key=rsa.pem)\n");
        // from counts twice in dkim, by oversigning
        String message = "From: a@example.org\n" + "Resent-To: x\n".repeat(others) + "\n";
        String shown = Workbench.shown(Workbench.sign(signer, message));
        if (fields.startsWith("1001")) {
            assertThat(shown).isEqualTo("PERMANENT: 1001 fields to sign, more than 1000");
        } else {
            assertThat(shown).startsWith(kind.equals("dkim") ? "DKIM-v=1" : "DomainKey-a=");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "From: a@example.org\\nMessage-ID: <m@x>\\n\\n"
                        + " | message-id=<m@x>, signer=<@example.org>, from=<a@example.org>",
                "From: a@example.org\\nSender: b@example.org\\n\\n | signer=<@example.org>, sender=<b@example.org>",
                "From: a@example.org\\nMessage-ID: <m\\033[1m\\302\\205@x>\\n\\n"
                        + " | message-id=<m?[1m?@x>, signer=<@example.org>, from=<a@example.org>",
                "From: a@example.org\\nMessage-ID: <a\\n b>\\n\\n"
                        + " | message-id=<a?? b>, signer=<@example.org>, from=<a@example.org>",
                "Message-ID: <m@x>\\n\\n | message-id=<m@x>",
            })
    void the_attributes_for_the_log(String message, String attributes) {
        SigningOutcome outcome = Workbench.sign(bench.signer(RULE), message.translateEscapes());
        assertThat(outcome.message().attributes()).isEqualTo(attributes);
    }

    @Test
    void a_message_ends_once() {
        SigningTransaction transaction = bench.signer(RULE).begin();
        transaction.finish();
        assertThatThrownBy(transaction::finish).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> transaction.update(new byte[1], 0, 1)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void no_octets_whatever_make_the_signer_fail_by_a_fault_of_its_own() {
        DkimSigner signer = bench.signer(RULE + "signature=dkim(i=$sender,d=$senderdomain)\n");
        Random random = new Random(822);
        String[] pieces = {
            "From:",
            "Sender:",
            "List-Id:",
            "Message-ID:",
            "a",
            "@",
            "example.org",
            "\r\n",
            "\r\n ",
            "\r",
            "\n",
            "\0",
            "<",
            ">",
            "(",
            ")",
            "\"",
            "\\",
            ",",
            ";",
            ":",
            " ",
            ".",
            "[",
            "]",
            "\u00c3\u00a4",
            "\u0080",
            "\u007f",
            "\r\n\r\n"
        };
        for (int i = 0; i < 20_000; i++) {
            StringBuilder message = new StringBuilder("From: a@example.org\r\n".repeat(random.nextInt(2)));
            for (int length = random.nextInt(25); length > 0; length--) {
                message.append(pieces[random.nextInt(pieces.length)]);
            }
            SigningOutcome outcome = signer.sign(message.toString().getBytes(ISO_8859_1));
            if (outcome instanceof SigningOutcome.Failed failed) {
                assertThat(failed.kind()).as(message.toString()).isEqualTo(SigningOutcome.Kind.PERMANENT);
            }
            assertThat(outcome.message().attributes()).doesNotContain("\r", "\n", "\0");
        }
    }

    private static SigningOutcome inChunks(DkimSigner signer, byte[] octets, int... cuts) {
        SigningTransaction transaction = signer.begin();
        int from = 0;
        for (int cut : cuts) {
            feed(transaction, octets, from, cut);
            from = cut;
        }
        feed(transaction, octets, from, octets.length);
        return transaction.finish();
    }

    /** Feeds a copy with other octets around it, and spoils the copy afterwards. */
    private static void feed(SigningTransaction transaction, byte[] octets, int from, int to) {
        byte[] buffer = new byte[to - from + 4];
        Arrays.fill(buffer, (byte) '\n');
        System.arraycopy(octets, from, buffer, 2, to - from);
        transaction.update(buffer, 2, to - from);
        Arrays.fill(buffer, (byte) '!');
    }

    @Test
    void a_header_decides_alone_and_the_body_may_follow() {
        DkimSigner signer = bench.signer(RULE.replace("domain=example.org", "domain=example.org,example.net"));
        byte[] header = octets("From: a@example.org\nSubject: x\n\n");
        byte[] body = octets("body\n");
        SigningTransaction transaction = signer.begin();
        assertThat(transaction.decide(header, 0, header.length)).isEmpty();
        assertThat(transaction.summary().from()).hasValue("a@example.org");
        transaction.update(body, 0, body.length);
        assertThat(transaction.finish()).isEqualTo(signer.sign(octets("From: a@example.org\nSubject: x\n\nbody\n")));

        byte[] foreign = octets("From: a@elsewhere.example\n\n");
        SigningTransaction other = signer.begin();
        assertThat(other.decide(foreign, 0, foreign.length)).containsInstanceOf(SigningOutcome.Skipped.class);
        assertThatThrownBy(() -> other.decide(foreign, 0, foreign.length)).isInstanceOf(IllegalStateException.class);
    }

    private static byte[] octets(String message) {
        return message.replace("\n", "\r\n").getBytes(ISO_8859_1);
    }

    private static String names(SigningOutcome outcome) {
        String field =
                ((SigningOutcome.Signed) outcome).fields().getFirst().text().replace("\r\n\t", "");
        return field.replaceAll(".*; h=([^;]*);.*", "$1");
    }

    private static byte[] sha256(byte[] octets) {
        try {
            return java.security.MessageDigest.getInstance("SHA-256").digest(octets);
        } catch (java.security.NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static List<SignatureField> signed(SigningOutcome outcome) {
        return ((SigningOutcome.Signed) outcome).fields();
    }
}
