package org.dkimproxy.sendermap.dkim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DomainNamesTest {

    @ParameterizedTest
    @CsvSource({
        "example.org, example.org",
        "Example.ORG, example.org",
        "localhost, localhost",
        "_dmarc.under_score.example, _dmarc.under_score.example",
        "3com.example, 3com.example",
        "a--b.example, a--b.example",
        "xn--bcher-kva.example, xn--bcher-kva.example",
        "XN--Bcher-KVA.example, xn--bcher-kva.example",
        "xn--strae-oqa.example, xn--strae-oqa.example",
        "b\u00FCcher.example, xn--bcher-kva.example",
        "B\u00DCCHER.example, xn--bcher-kva.example",
        "bu\u0308cher.example, xn--bcher-kva.example",
        "b\u00FC_r.example, xn--b_r-hoa.example",
        "\u4F8B\u3048.\u30C6\u30B9\u30C8, xn--r8jz45g.xn--zckzah",
        "\u03C0\u03B1\u03C1\u03AC\u03B4\u03B5\u03B9\u03B3\u03BC\u03B1.gr, xn--hxajbheg2az3al.gr",
    })
    void a_host_name_has_a_labels(String domain, String labels) {
        assertThat(DomainNames.toALabels(domain)).contains(labels);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "..",
                ".example.org",
                "example.org.",
                "example..org",
                "ex ample.org",
                "example.org ",
                "ex\u0000ample.org",
                "bob@example.org",
                "[192.0.2.1]",
                "*.example.org",
                "exa/mple.org",
                "-example.org",
                "example-.org",
                "-",
                "stra\u00DFe.example",
                "STRA\u1E9EE.example",
                "\u03B2\u03CC\u03BB\u03BF\u03C2.example",
                "a\u200Db.example",
                "a\u200Cb.example",
                "exa\u00ADmple.org",
                "exa\u200Bmple.org",
                "\u202Eexample.org",
                "xn--\u00FC.example",
                "a\u3002b.example",
                "a\u2024b.example",
                // what IDNA 2003 leaves out without a word
                "exa\u034Fmple.org",
                "exa\u1806mple.org",
                "exa\u180Bmple.org",
                "exa\u180Cmple.org",
                "exa\u180Dmple.org",
                "exa\u2060mple.org",
                "exa\uFE00mple.org",
                "exa\uFE0Fmple.org",
                "exa\uFEFFmple.org",
                "\uD800.example",
                "\uDC00\uD800.example",
                "\u00A0.example",
                "b\u00FC/cher.example",
            })
    void what_is_no_host_name_or_is_ambiguous_has_none(String domain) {
        assertThat(DomainNames.toALabels(domain)).isEmpty();
    }

    @Test
    void a_label_has_at_most_63_characters() {
        assertThat(DomainNames.toALabels("a".repeat(63) + ".example")).isPresent();
        assertThat(DomainNames.toALabels("a".repeat(64) + ".example")).isEmpty();
        assertThat(DomainNames.toALabels("\u00FC".repeat(60) + ".example")).isEmpty();
    }

    @Test
    void a_name_has_at_most_253_characters() {
        String longest = "a.".repeat(126) + "b";

        assertThat(DomainNames.toALabels(longest)).contains(longest);
        assertThat(DomainNames.toALabels("b." + longest)).isEmpty();
        assertThat(DomainNames.toALabels("a.".repeat(10_000_000))).isEmpty();
    }

    @Test
    void no_text_makes_it_throw() {
        Random random = new Random(7);
        for (int i = 0; i < 200_000; i++) {
            int length = random.nextInt(8);
            StringBuilder text = new StringBuilder();
            for (int j = 0; j < length; j++) {
                text.appendCodePoint(random.nextInt(random.nextBoolean() ? 0x110000 : 0x3000));
            }
            assertThat(DomainNames.toALabels(text.toString()))
                    .satisfiesAnyOf(
                            labels -> assertThat(labels).isEmpty(),
                            labels -> assertThat(labels.orElseThrow()).matches("[a-z0-9_.-]{1,253}"));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "example.org, example.org, true",
        "Example.ORG, example.org, true",
        "sub.example.org, EXAMPLE.org, true",
        "a.b.example.org, example.org, true",
        "badexample.org, example.org, false",
        "example.org, sub.example.org, false",
        "org, example.org, false",
        "example.org, '', false",
        "'', '', false",
        "\u212A.example, k.example, false",
    })
    void a_domain_is_within_itself_and_what_is_above_it(String domain, String parent, boolean within) {
        assertThat(DomainNames.isWithin(domain, parent)).isEqualTo(within);
    }
}
