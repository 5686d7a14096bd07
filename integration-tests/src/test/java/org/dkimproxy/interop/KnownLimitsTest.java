package org.dkimproxy.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KnownLimitsTest {
    private static final SignatureKind ED25519 = SignatureKind.dkim("ed25519-sha256", "relaxed/relaxed");
    private static final SignatureKind RSA = SignatureKind.dkim("rsa-sha256", "relaxed/relaxed");
    private static final Verdict PASS = new Verdict(Verdict.Result.PASS, "");
    private static final Verdict FAIL = new Verdict(Verdict.Result.FAIL, "");

    private static List<KnownLimits.Judged> mailDkim(String version, SignatureKind kind, Verdict verdict) {
        return List.of(new KnownLimits.Judged("Mail::DKIM", version, "ordinary", kind, verdict));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.9", "1.20220520", "1.20230212"})
    void a_version_with_the_limit_that_passes_is_a_surprise(String version) {
        List<KnownLimits.Judged> judged = mailDkim(version, ED25519, PASS);
        assertThat(KnownLimits.surprises(judged)).isEqualTo(judged);
        assertThat(KnownLimits.lost(judged)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.20240923", "1.20230212.1", "2.0", "10"})
    void a_newer_version_that_has_lost_the_limit_is_good_news(String version) {
        List<KnownLimits.Judged> judged = mailDkim(version, ED25519, PASS);
        assertThat(KnownLimits.surprises(judged)).isEmpty();
        assertThat(KnownLimits.lost(judged)).singleElement().matches(limit -> limit.covers(judged.getFirst()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.20230212", "1.20240923"})
    void a_limit_covers_refusals_of_every_version(String version) {
        List<KnownLimits.Judged> judged = mailDkim(version, ED25519, FAIL);
        assertThat(KnownLimits.surprises(judged)).isEmpty();
        assertThat(KnownLimits.lost(judged)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.20230212", "1.20240923"})
    void a_refusal_that_no_limit_covers_is_a_surprise_with_every_version(String version) {
        List<KnownLimits.Judged> judged = mailDkim(version, RSA, FAIL);
        assertThat(KnownLimits.surprises(judged)).isEqualTo(judged);
    }

    @Test
    void a_pass_that_no_limit_covers_is_no_news() {
        List<KnownLimits.Judged> judged = mailDkim("1.20240923", RSA, PASS);
        assertThat(KnownLimits.surprises(judged)).isEmpty();
        assertThat(KnownLimits.lost(judged)).isEmpty();
    }
}
