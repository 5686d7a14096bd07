package org.dkimproxy.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The foreign verifiers on signatures that are not ours: this shows what each of them can judge, that the {@link
 * KnownLimits} are theirs, and that each says no to what was altered.
 */
@Tag("long")
class VerifierLimitsIT {
    private static final String DOMAIN = "example.org";

    @TempDir
    static Path folder;

    private static TestKeys keys;
    private static List<Signed> byMailDkim;
    private static List<Signed> byDkimpy;

    @BeforeAll
    static void signEverything() throws IOException, GeneralSecurityException {
        Requirements.mailDkim();
        Requirements.dkimpy();
        keys = TestKeys.generate(folder);
        byMailDkim = sign(
                ForeignSigner.MAIL_DKIM,
                SignatureKind.all().stream()
                        .filter(kind -> !kind.algorithm().startsWith("ed25519"))
                        .toList());
        byDkimpy = sign(ForeignSigner.DKIMPY, SignatureKind.ofDkim());
    }

    private static List<Signed> sign(ForeignSigner signer, List<SignatureKind> kinds) throws IOException {
        Map<String, List<ForeignSigner.Wanted>> jobs = new LinkedHashMap<>();
        kinds.forEach(kind -> jobs.put(kind.selector(), List.of(ForeignSigner.Wanted.of(kind, DOMAIN, key(kind)))));
        List<Mail> messages = MessageSet.signable();
        Map<String, Map<String, List<String>>> fields =
                signer.sign(messages, jobs, Files.createTempDirectory(folder, "sign"));
        List<Signed> signed = new ArrayList<>();
        for (Mail mail : messages) {
            List<SignatureKind> wanted = ForeignVerifiersIT.kindsFor(mail, kinds);
            Map<String, List<String>> made = fields.getOrDefault(mail.name(), Map.of());
            if (made.keySet()
                    .containsAll(wanted.stream().map(SignatureKind::selector).toList())) {
                List<String> top = wanted.stream()
                        .flatMap(kind -> made.get(kind.selector()).stream())
                        .toList();
                signed.add(Signed.of(mail, top, wanted));
            }
        }
        return signed;
    }

    private static Path key(SignatureKind kind) {
        return kind.algorithm().startsWith("ed25519") ? keys.ed25519SeedFile() : keys.rsaPkcs1File();
    }

    private static List<KnownLimits.Judged> judge(ForeignVerifier verifier, List<Signed> signed) throws IOException {
        verifier.require();
        Path files = Files.createTempDirectory(folder, "judge");
        DnsRecords records = keys.records(SignatureKind.all(), DOMAIN);
        return KnownLimits.judged(verifier, signed, verifier.judge(signed, records, files));
    }

    static Stream<ForeignVerifier> verifiers() {
        return ForeignVerifier.all().stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("verifiers")
    void signatures_by_mail_dkim_pass_but_for_known_limits(ForeignVerifier verifier) throws IOException {
        assertThat(KnownLimits.surprises(judge(verifier, byMailDkim))).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("verifiers")
    void signatures_by_dkimpy_pass_but_for_known_limits(ForeignVerifier verifier) throws IOException {
        assertThat(KnownLimits.surprises(judge(verifier, byDkimpy))).isEmpty();
    }

    @Test
    void dkimpy_refuses_to_sign_what_it_cannot_read_and_mail_dkim_signs_everything() {
        assertThat(missing(byDkimpy)).containsExactlyInAnyOrder("blank-before-colon", "tab-before-colon");
        assertThat(missing(byMailDkim)).isEmpty();
    }

    private static List<String> missing(List<Signed> signed) {
        List<String> names = signed.stream().map(Signed::name).toList();
        return MessageSet.signable().stream()
                .map(Mail::name)
                .filter(name -> !names.contains(name))
                .toList();
    }

    static Stream<Arguments> alterations() {
        Map<String, UnaryOperator<String>> alterations = new LinkedHashMap<>();
        alterations.put("body", text -> text.replace("We lost the game", "We lost the gamE"));
        alterations.put("header", text -> text.replace("Is dinner ready?", "Is dinner readY?"));
        alterations.put("author", text -> text.replace("joe@example.org", "ann@example.org"));
        alterations.put("another subject on top", text -> "Subject: a\r\n" + text);
        alterations.put(
                "another author below", text -> text.replace("\r\n\r\nHi.", "\r\nFrom: a@example.org\r\n\r\nHi."));
        alterations.put("another subject below", text -> text.replace("\r\n\r\nHi.", "\r\nSubject: a\r\n\r\nHi."));
        alterations.put("signature", VerifierLimitsIT::alterSignatures);
        return alterations.entrySet().stream()
                .flatMap(alteration -> ForeignVerifier.all().stream()
                        .map(verifier -> Arguments.of(verifier, alteration.getKey(), alteration.getValue())));
    }

    /** Changes one character in the middle of each b= value. */
    private static String alterSignatures(String text) {
        StringBuilder altered = new StringBuilder(text);
        for (int at = text.indexOf(" b="); at >= 0; at = text.indexOf(" b=", at + 1)) {
            int place = at + 100;
            altered.setCharAt(place, altered.charAt(place) == 'A' ? 'B' : 'A');
        }
        return altered.toString();
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("alterations")
    void an_alteration_turns_every_verdict(ForeignVerifier verifier, String name, UnaryOperator<String> alteration)
            throws IOException {
        List<Signed> altered = Stream.of(byMailDkim, byDkimpy)
                .flatMap(List::stream)
                .filter(signed -> signed.name().equals("ordinary"))
                .map(signed -> new Signed(signed.name(), alter(signed.bytes(), alteration), signed.kinds()))
                .toList();
        // dkimpy's signatures cover one Subject more than there is, those of Mail::DKIM cover what is there
        List<Signed> judged = name.startsWith("another") ? altered.subList(1, 2) : altered;
        for (Signed signed : judged) {
            assertThat(judge(verifier, List.of(signed)))
                    .noneMatch(one -> one.verdict().passes());
        }
    }

    private static byte[] alter(byte[] message, UnaryOperator<String> alteration) {
        String text = new String(message, StandardCharsets.ISO_8859_1);
        String altered = alteration.apply(text);
        assertThat(altered).isNotEqualTo(text);
        return altered.getBytes(StandardCharsets.ISO_8859_1);
    }
}
