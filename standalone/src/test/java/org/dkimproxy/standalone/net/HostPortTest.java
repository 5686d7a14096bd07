package org.dkimproxy.standalone.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostPortTest {
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
    void forms_of_an_address(String text, String host, int port) {
        assertThat(HostPort.parse(text, OptionalInt.of(25))).contains(new HostPort(host, port));
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
    void anything_else_is_none(String text) {
        assertThat(HostPort.parse(text, OptionalInt.of(25))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "[::1]", "::1", "10027"})
    void port_is_needed_without_a_standard_one(String text) {
        assertThat(HostPort.parse(text, OptionalInt.empty())).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "::1:10027         | brackets, since IPv6 addresses need them: [::1]:10027",
                "2001:db8::1:25    | brackets, since IPv6 addresses need them: [2001:db8::1]:25",
                "::1               | brackets and a port, since IPv6 addresses need them: [::1]:PORT",
                "127.0.0.1:99999   | a port from 1 to 65535",
                "host:65536        | a port from 1 to 65535",
                "host:-1           | a port from 1 to 65535",
                "[::1]:70000       | a port from 1 to 65535",
                "host:x            | FORM",
                "host              | FORM",
                "[::1              | FORM",
            })
    void what_is_expected_in_place_of_a_wrong_address(String text, String expected) {
        assertThat(HostPort.parse(text, OptionalInt.empty())).isEmpty();
        assertThat(HostPort.expected(text, "FORM")).isEqualTo(expected);
    }

    /** Read as an address alone, it would lose the port that was meant. */
    @Test
    void an_ipv6_address_that_may_have_a_port_is_not_read_without_brackets() {
        assertThat(HostPort.parse("::1:10028", OptionalInt.of(25))).isEmpty();
        assertThat(HostPort.parse("2001:db8::1:25", OptionalInt.of(25))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"127.0.0.1:25", "[::1]:25"})
    void is_written_as_it_is_read(String text) {
        assertThat(HostPort.parse(text, OptionalInt.empty()).orElseThrow()).hasToString(text);
    }
}
