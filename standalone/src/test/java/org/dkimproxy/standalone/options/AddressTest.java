package org.dkimproxy.standalone.options;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalInt;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressTest {
    @ParameterizedTest
    @CsvSource(
            value = {
                "127.0.0.1:10027    | 127.0.0.1       | 10027",
                "127.0.0.1          | 127.0.0.1       | 25",
                "mx.example.org:587 | mx.example.org  | 587",
                "mx.example.org     | mx.example.org  | 25",
                "[::1]:10027        | ::1             | 10027",
                "[::1]              | ::1             | 25",
                "::1                | ::1             | 25",
                "2001:db8::25       | 2001:db8::25    | 25",
                "*:10027            | *               | 10027",
                "127.0.0.1:0        | 127.0.0.1       | 0",
                "127.0.0.1:65535    | 127.0.0.1       | 65535",
            },
            delimiter = '|')
    void formsOfAnAddress(String text, String host, int port) {
        assertThat(Address.parse(text, OptionalInt.of(25))).contains(new Address(host, port));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":25",
                "host:",
                "host:x",
                "host:65536",
                "host:-1",
                "[::1",
                "[::1]x",
                "[]:25",
                "[::1]:",
                "a b:25",
                "a/b"
            })
    void anythingElseIsNone(String text) {
        assertThat(Address.parse(text, OptionalInt.of(25))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "[::1]", "::1", "10027"})
    void portIsNeededWithoutAStandardOne(String text) {
        assertThat(Address.parse(text, OptionalInt.empty())).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"127.0.0.1:25", "[::1]:25"})
    void isWrittenAsItIsRead(String text) {
        assertThat(Address.parse(text, OptionalInt.empty()).orElseThrow()).hasToString(text);
    }
}
