package org.dkimproxy.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.dkimproxy.signing.DkimSigner;
import org.dkimproxy.signing.SigningOutcome;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Our signatures of every kind on every message of the set, each judged by every foreign verifier. */
class ForeignVerifiersIT {
    private static final String DOMAIN = "example.org";

    /** The domains of the messages whose author has another one, as A-labels (RFC 5891, RFC 8616). */
    private static final Map<String, String> FOREIGN_DOMAINS = new TreeMap<>(Map.of(
            "u-label-domain", "xn--bcher-kva.example",
            "u-label-upper-case", "xn--bcher-kva.example",
            "a-label-domain", "xn--bcher-kva.example",
            "u-label-han", "xn--r8jz45g.xn--zckzah.example"));

    @TempDir
    static Path folder;

    private static TestKeys keys;
    private static List<Signed> batch;

    @BeforeAll
    static void signEverything() throws IOException, GeneralSecurityException {
        keys = TestKeys.generate(folder);
        List<SignatureKind> kinds = SignatureKind.all();
        batch = sign(Engine.configured().with("domain", DOMAIN).signing(keys, kinds), kinds, MessageSet.signable());
    }

    static Stream<ForeignVerifier> verifiers() {
        return ForeignVerifier.all().stream();
    }

    private static List<Signed> sign(Engine engine, List<SignatureKind> expected, List<Mail> messages) {
        DkimSigner signer = engine.start();
        List<Signed> signed = new ArrayList<>();
        for (Mail mail : messages) {
            List<SignatureKind> kinds = kindsFor(mail, expected);
            List<String> fields = Engine.fields(signer, mail);
            assertThat(fields).as(mail.name()).hasSameSizeAs(kinds);
            signed.add(Signed.of(mail, fields, kinds));
        }
        return signed;
    }

    /** DomainKeys signs for an author under the signing domain only. */
    static List<SignatureKind> kindsFor(Mail mail, List<SignatureKind> kinds) {
        return kinds.stream()
                .filter(kind -> kind.type().equals("dkim") || !mail.is(Mail.Trait.FOREIGN_AUTHOR))
                .toList();
    }

    private static List<KnownLimits.Judged> judge(ForeignVerifier verifier, List<Signed> signed, DnsRecords records)
            throws IOException {
        Path files = Files.createTempDirectory(folder, "batch");
        return KnownLimits.judged(verifier, signed, verifier.judge(signed, records, files));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("verifiers")
    void every_signature_of_every_message_passes_but_for_known_limits(ForeignVerifier verifier) throws IOException {
        verifier.require();
        List<KnownLimits.Judged> judged = judge(verifier, batch, keys.records(SignatureKind.all(), DOMAIN));

        KnownLimits.table().stream()
                .filter(limit -> limit.isOf(verifier.name()))
                .forEach(limit -> System.out.println("known limit: " + limit));
        KnownLimits.lost(judged)
                .forEach(limit -> System.out.println("good news: " + verifier.name() + " "
                        + judged.getFirst().version() + " has lost, at least in part, a known limit: " + limit));
        assertThat(KnownLimits.surprises(judged))
                .as("verdicts against the table")
                .isEmpty();
        assertThat(KnownLimits.needless(verifier.name(), judged))
                .as("rows that are not needed")
                .isEmpty();
        long passed = judged.stream().filter(one -> one.verdict().passes()).count();
        System.out.println(verifier.name() + ": " + passed + " of " + judged.size() + " signatures pass");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("verifiers")
    void every_kind_of_oversigning_passes(ForeignVerifier verifier) throws IOException {
        verifier.require();
        List<SignatureKind> kinds = List.of(
                SignatureKind.dkim("rsa-sha256", "simple/simple"), SignatureKind.dkim("rsa-sha256", "relaxed/relaxed"));
        List<Mail> messages = MessageSet.signable().stream()
                .filter(mail -> !mail.name().startsWith("five-mb"))
                .toList();
        for (String oversign : List.of("off", "extended")) {
            Engine engine = Engine.configured()
                    .with("domain", DOMAIN)
                    .with("oversign", oversign)
                    .signing(keys, kinds);
            List<KnownLimits.Judged> judged =
                    judge(verifier, sign(engine, kinds, messages), keys.records(kinds, DOMAIN));
            assertThat(KnownLimits.surprises(judged)).as("oversign " + oversign).isEmpty();
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("verifiers")
    void an_international_domain_signs_under_its_a_labels(ForeignVerifier verifier) throws IOException {
        verifier.require();
        SignatureKind kind = SignatureKind.dkim("rsa-sha256", "relaxed/relaxed");
        Path map = Files.createTempFile(folder, "sender", ".map");
        Files.writeString(map, ". " + kind.specification(Engine.keyOf(keys, kind)) + "\n");
        List<Mail> messages = MessageSet.signable().stream()
                .filter(mail -> FOREIGN_DOMAINS.containsKey(mail.name()))
                .toList();
        List<Signed> signed = sign(Engine.configured().with("sender_map", map.toString()), List.of(kind), messages);
        assertThat(signed).extracting(Signed::name).containsExactlyInAnyOrderElementsOf(FOREIGN_DOMAINS.keySet());
        assertThat(signed)
                .allSatisfy(
                        one -> assertThat(new String(one.bytes(), StandardCharsets.ISO_8859_1).replaceAll("\\s", ""))
                                .contains(";d=" + FOREIGN_DOMAINS.get(one.name()) + ";"));
        DnsRecords records =
                keys.records(List.of(kind), FOREIGN_DOMAINS.values().toArray(String[]::new));
        assertThat(judge(verifier, signed, records))
                .allMatch(one -> one.verdict().passes());
    }

    @Test
    void a_message_without_exactly_one_from_field_is_not_signed() {
        DkimSigner signer = Engine.configured()
                .with("domain", DOMAIN)
                .signing(keys, List.of(SignatureKind.dkim("rsa-sha256", "relaxed/relaxed")))
                .start();
        assertThat(MessageSet.refused())
                .isNotEmpty()
                .allSatisfy(mail -> assertThat(Engine.sign(signer, mail))
                        .as(mail.name())
                        .isInstanceOfSatisfying(
                                SigningOutcome.Failed.class,
                                failed -> assertThat(failed.kind()).isEqualTo(SigningOutcome.Kind.PERMANENT)));
    }

    @Test
    void a_pkcs1_key_file_gives_the_same_signature_as_a_pkcs8_one() {
        Mail mail = MessageSet.signable().getFirst();
        Engine engine = Engine.configured().with("compat", "dkimproxy-1.4").with("domain", DOMAIN);
        String specification = "dkim(a=rsa-sha256,c=relaxed/relaxed,s=one,key=";
        assertThat(Engine.fields(
                        engine.with("signature", specification + keys.rsaPkcs1File() + ")")
                                .start(),
                        mail))
                .isEqualTo(Engine.fields(
                        engine.with("signature", specification + keys.rsaFile() + ")")
                                .start(),
                        mail));
    }
}
