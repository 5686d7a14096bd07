package org.dkimproxy.sendermap.dkim;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.dkimproxy.sendermap.text.Parsed;
import org.dkimproxy.sendermap.text.Problem;
import org.dkimproxy.sendermap.text.SourceText;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SignatureSpecificationsTest {

    @Test
    void every_parameter_of_dkim_is_read() {
        SignatureSpecification.Dkim dkim = dkim(
                "dkim(key=/etc/k.pem, a=ed25519-sha256, c=Relaxed/Simple, d=example.org, s=s1, i=bob@example.org, h=From : To:from, x=60, t=no)");

        assertThat(dkim.keyFile().map(SourceText::text)).contains("/etc/k.pem");
        assertThat(dkim.algorithm()).contains(Algorithm.ED25519_SHA256);
        assertThat(dkim.method())
                .contains(new DkimMethod(DkimMethod.Part.RELAXED, DkimMethod.Part.SIMPLE, "relaxed/simple"));
        assertThat(dkim.domain().map(domain -> domain.source().text())).contains("example.org");
        assertThat(dkim.selector().map(SourceText::text)).contains("s1");
        assertThat(dkim.identity().map(identity -> identity.source().text())).contains("bob@example.org");
        assertThat(dkim.headers()).containsExactly("from", "to", "from");
        assertThat(dkim.expiry()).contains(Duration.ofSeconds(60));
        assertThat(dkim.timestamp()).contains(false);
    }

    @ParameterizedTest
    @CsvSource({"on, true", "TRUE, true", "1, true", "yes, true", "off, false", "false, false", "0, false", "No, false"
    })
    void the_timestamp_is_switched_by_the_words_of_every_option(String word, boolean timestamp) {
        assertThat(dkim("dkim(t=" + word + ")").timestamp()).contains(timestamp);
    }

    @Test
    void what_is_not_written_is_left_open() {
        SourceText source = SourceText.of("option", "dkim");

        assertThat(dkim("dkim"))
                .isEqualTo(new SignatureSpecification.Dkim(
                        source,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        List.of(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty()));
    }

    @Test
    void every_parameter_of_domainkeys_is_read() {
        assertThat(one("domainkeys(keyfile=/k,algorithm=rsa-sha1,method=simple,domain=$key,selector=s,headers=From)"))
                .isInstanceOfSatisfying(SignatureSpecification.DomainKeys.class, domainKeys -> {
                    assertThat(domainKeys.keyFile().map(SourceText::text)).contains("/k");
                    assertThat(domainKeys.method()).contains(DomainKeysMethod.SIMPLE);
                    assertThat(domainKeys.domain().map(MacroTemplate::hasMacros))
                            .contains(true);
                    assertThat(domainKeys.selector().map(SourceText::text)).contains("s");
                    assertThat(domainKeys.headers()).containsExactly("from");
                });
    }

    @Test
    void relaxed_alone_means_a_simple_body_and_keeps_its_tag() {
        assertThat(dkim("dkim(c=relaxed)").method()).contains(DkimMethod.RELAXED);
    }

    @Test
    void several_are_read_in_their_order_with_their_places() {
        List<SignatureSpecification> all =
                parse("domainkeys , dkim(s=a) ,dkim(s=b)").value();

        assertThat(all).extracting(any -> any.source().text()).containsExactly("domainkeys", "dkim(s=a)", "dkim(s=b)");
        assertThat(all).extracting(any -> any.source().position().column()).containsExactly(1, 14, 25);
    }

    @ParameterizedTest
    @CsvSource({
        "d, b\u00FCcher.example, xn--bcher-kva.example",
        "s, schl\u00FCssel.a, xn--schlssel-95a.a",
        "i, m\u00FCller@b\u00FCcher.example, m\u00FCller@xn--bcher-kva.example",
        "d, Example.ORG, Example.ORG",
        "s, Mail_1, Mail_1",
    })
    void u_labels_become_a_labels_and_ascii_stays_as_written(String name, String written, String text) {
        SignatureSpecification.Dkim dkim = dkim("dkim(" + name + "=" + written + ")");

        Optional<SourceText> fragment = switch (name) {
            case "d" -> dkim.domain().map(MacroTemplate::source);
            case "i" -> dkim.identity().map(MacroTemplate::source);
            default -> dkim.selector();
        };
        assertThat(fragment.map(SourceText::text)).contains(text);
        assertThat(fragment.map(any -> any.position().column())).contains(8);
    }

    @Test
    void a_specification_with_an_error_keeps_what_was_understood() {
        Parsed<List<SignatureSpecification>> checked = parse("dkim(s=a,c=wrong)");

        assertThat(checked.hasErrors()).isTrue();
        assertThat(checked.value().getFirst().selector().map(SourceText::text)).contains("a");
    }

    @Test
    void warnings_become_errors_when_strict() {
        Parsed<List<SignatureSpecification>> checked = parse("dkim(a=rsa-sha1)");

        assertThat(checked.hasErrors()).isFalse();
        assertThat(checked.strict().hasErrors()).isTrue();
    }

    @Test
    void a_value_has_at_most_a_hundred_signatures() {
        assertThat(parse("dkim,".repeat(99) + "dkim").problems()).isEmpty();

        Parsed<List<SignatureSpecification>> tooMany = parse("dkim,".repeat(100) + "dkim");
        assertThat(tooMany.value()).hasSize(100);
        assertThat(tooMany.problems())
                .extracting(Problem::summary)
                .containsExactly("option:1:501: error: found more than 100 signatures, expected at most 100");
    }

    @Test
    void a_signature_has_at_most_a_thousand_field_names() {
        assertThat(parse("dkim(h=" + "to:".repeat(999) + "from)").problems()).isEmpty();
        assertThat(parse("dkim(h=" + "to:".repeat(1000) + "from)").problems())
                .extracting(Problem::summary)
                .containsExactly("option:1:8: error: found more than 1000 field names, expected at most 1000");
    }

    private static Parsed<List<SignatureSpecification>> parse(String text) {
        return SignatureSpecifications.parse(SourceText.of("option", text));
    }

    private static SignatureSpecification one(String text) {
        Parsed<List<SignatureSpecification>> checked = parse(text);
        assertThat(checked.problems()).isEmpty();
        assertThat(checked.value()).hasSize(1);
        return checked.value().getFirst();
    }

    private static SignatureSpecification.Dkim dkim(String text) {
        return (SignatureSpecification.Dkim) one(text);
    }
}
