package org.dkimproxy.signing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 6376 sections 2.11 and 3.5, RFC 8616 section 4. */
class IdentityTagTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "joe@example.org              | example.org | joe@example.org",
                "@example.org                 | example.org | @example.org",
                "@mail.example.org            | example.org | @mail.example.org",
                "Joe@EXAMPLE.org              | example.org | Joe@EXAMPLE.org",
                "joe@example.org              | EXAMPLE.ORG | joe@example.org",
                "a b@example.org              | example.org | a=20b@example.org",
                "a;b=c@example.org            | example.org | a=3Bb=3Dc@example.org",
                "a@b@example.org              | example.org | a@b@example.org",
                "a\\r\\n\\tb\\0\\177@example.org | example.org | a=0D=0A=09b=00=7F@example.org",
                "\u00e4\ud83d\ude00@example.org | example.org | =C3=A4=F0=9F=98=80@example.org",
                "joe@\u00e4.example           | xn--4ca.example | joe@xn--4ca.example",
            })
    void an_identity_in_its_signing_domain_is_encoded(String identity, String domain, String tag) {
        assertThat(IdentityTag.encode(identity.translateEscapes(), domain)).contains(tag);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "joe                  | example.org",
                "joe@                 | example.org",
                "joe@org              | example.org",
                "joe@badexample.org   | example.org",
                "joe@example.org      | mail.example.org",
                "joe@example.org.     | example.org",
                "joe@.example.org     | example.org",
                "joe@exa mple.org     | org",
                "joe@example.org;l=0  | example.org",
                "joe@[192.0.2.1]      | example.org",
                "joe@stra\u00dfe.example | example",
            })
    void an_identity_elsewhere_is_none(String identity, String domain) {
        assertThat(IdentityTag.encode(identity, domain)).isEmpty();
    }

    @Test
    void an_identity_longer_than_any_address_is_none() {
        assertThat(IdentityTag.encode(";".repeat(64) + "@example.org", "example.org"))
                .isPresent();
        assertThat(IdentityTag.encode(";".repeat(200) + "@example.org", "example.org"))
                .isEmpty();
        assertThat(IdentityTag.encode("x".repeat(1 << 20) + "@example.org", "example.org"))
                .isEmpty();
    }

    @Test
    void an_identity_that_is_only_too_long_is_told_apart_from_one_that_is_elsewhere() {
        assertThat(IdentityTag.isTooLong(";".repeat(200) + "@example.org")).isTrue();
        assertThat(IdentityTag.isTooLong("x".repeat(1 << 20) + "@example.org")).isTrue();
        assertThat(IdentityTag.isTooLong(";".repeat(64) + "@example.org")).isFalse();
        assertThat(IdentityTag.isTooLong("x".repeat(1 << 20))).isFalse();
        assertThat(IdentityTag.isTooLong("x".repeat(1 << 20) + "@exa mple")).isFalse();
    }

    /** Encoding each would take a minute in all. */
    @Test
    void an_identity_of_any_length_is_refused_without_encoding_it() {
        String longest = ";".repeat(10_000_000) + "@example.org";
        assertTimeoutPreemptively(Duration.ofSeconds(10), () -> {
            for (int i = 0; i < 1000; i++) {
                assertThat(IdentityTag.encode(longest, "example.org")).isEmpty();
            }
        });
    }
}
