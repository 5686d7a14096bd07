package org.dkimproxy.signing.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 5322 sections 3.4 and 4.4. Each character of a table's value is one octet; {@code \s} is a blank at an end. */
@Timeout(value = 5, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AddressReaderTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "a@b.example                                        | a@b.example",
                "\\s\\ta@b.example\\t\\s                            | a@b.example",
                "A.B@C.Example                                      | A.B@C.Example",
                "<a@b.example>                                      | a@b.example",
                "Joe Doe <a@b.example>                              | a@b.example",
                "\"Joe Doe\" <a@b.example>                          | a@b.example",
                "Joe<a@b.example>                                   | a@b.example",
                "Joe Q. Doe <a@b.example>                           | a@b.example",
                "a@b.example, c@d.example                           | a@b.example",
                "Joe <a@b.example>, Sue <c@d.example>               | a@b.example",
                "a+tag=x!#$%&'*/?^_{}~@b.example                    | a+tag=x!#$%&'*/?^_{}~@b.example",
                // comments
                "a@b.example (Joe)                                  | a@b.example",
                "(Joe) a@b.example                                  | a@b.example",
                "a(x)@(y)b.example                                  | a@b.example",
                "a(x).(y)c@b(z).(w)example(v)                       | a.c@b.example",
                "(a (b (c) d) e) a@b.example                        | a@b.example",
                "(a \\\\) x@evil.example \\\\( ) a@b.example        | a@b.example",
                "(x@evil.example) <a@b.example> (y@evil.example)    | a@b.example",
                "Joe (\"x) <a@b.example>                            | a@b.example",
                "() <a@b.example> ()                                | a@b.example",
                "(<x@evil.example>,) a@b.example                    | a@b.example",
                "(\\u00e9) a@b.example                              | a@b.example",
                // quoted strings
                "\"a b\"@b.example                                  | \"a b\"@b.example",
                "\"x@evil.example\"@b.example                       | \"x@evil.example\"@b.example",
                "\"a\\\\\"b\"@b.example                             | \"a\\\"b\"@b.example",
                "\"a\\\\\\\\\"@b.example                            | \"a\\\\\"@b.example",
                "\"a\".b.\"c\"@b.example                            | a.b.c@b.example",
                "\"x@evil.example\" <a@b.example>                   | a@b.example",
                "\"<x@evil.example>\" <a@b.example>                 | a@b.example",
                "\"a \\\\\" <x@evil.example>, \\\\\" b\" <a@b.example> | a@b.example",
                "\"Doe, Joe\" <a@b.example>                         | a@b.example",
                "\"(\" <a@b.example>                                | a@b.example",
                "\"Joe\\r\\n Doe\" <a@b.example>                    | a@b.example",
                "\"Joe\\tDoe\" <a@b.example>                        | a@b.example",
                "\"a\\r\\n b\"@b.example                            | \"a b\"@b.example",
                "\"a\"(x)@b.example                                 | a@b.example",
                // folds and blanks
                "\\r\\n a@b.example                                 | a@b.example",
                "Joe\\r\\n\\tDoe\\r\\n <a@b.example>                | a@b.example",
                "<a\\r\\n @b\\r\\n .example>                        | a@b.example",
                "a @ b . example                                    | a@b.example",
                "< a@b.example >                                    | a@b.example",
                // display names that need quotes and have none
                "x@evil.example <a@b.example>                       | a@b.example",
                "x@evil.example y@evil.example <a@b.example>        | a@b.example",
                "Joe's \"big\" shop <a@b.example>                   | a@b.example",
                // encoded words are never decoded
                "=?utf-8?Q?Joe?= <a@b.example>                      | a@b.example",
                "=?utf-8?Q?=3Cx=40evil.example=3E?= <a@b.example>   | a@b.example",
                "=?utf-8?B?PHhAZXZpbC5leGFtcGxlPg==?= <a@b.example> | a@b.example",
                // groups
                "Team: a@b.example, c@d.example;                    | a@b.example",
                "Team: Joe <a@b.example>;                           | a@b.example",
                "Nobody:; , a@b.example                             | a@b.example",
                "\"A: B\" : a@b.example;                            | a@b.example",
                "Team (c): (d) ; Other: a@b.example;                | a@b.example",
                ":a@b.example;                                      | a@b.example",
                // obsolete lists and routes
                ", , a@b.example                                    | a@b.example",
                "(x), a@b.example                                   | a@b.example",
                "<@r.example:a@b.example>                           | a@b.example",
                "<@r.example,@s.example:a@b.example>                | a@b.example",
                "<,@r.example, , @s.example : a@b.example>          | a@b.example",
                // what is not a host name is for the caller to judge
                "a@[192.0.2.1]                                      | a@[192.0.2.1]",
                "a@[IPv6:2001:db8::1]                               | a@[IPv6:2001:db8::1]",
                "Joe <a@[192.0.2.1]>                                | a@[192.0.2.1]",
                "a@localhost                                        | a@localhost",
                "a..b.@b.example                                    | a..b.@b.example",
                "a@b..example                                       | a@b..example",
                "a@b.example.                                       | a@b.example.",
                // RFC 6532: UTF-8, here as its octets
                "\\303\\244@b.example                               | \u00e4@b.example",
                "a@\\303\\244.example                               | a@\u00e4.example",
                "\\344 <a@b.example>                                | a@b.example",
                "\"\\344\" <a@b.example>                            | a@b.example",
            })
    void the_first_address(String value, String address) {
        assertThat(first(unescaped(value)).map(Address::toString)).contains(address);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "``",
                "\\s",
                "Joe",
                "\"a@b.example\"",
                "(a@b.example)",
                "<>",
                "Joe <>",
                "<a>",
                "a",
                "@",
                "@b.example",
                "a@",
                "<@b.example>",
                "<a@>",
                "\"\"@b.example",
                "Nobody:;",
                "Nobody:;,;",
                ":",
                "::::",
                ",,,;;;",
                // two at signs, two words
                "a@b@c.example",
                "<a@b@c.example>",
                "a@\"b.example\"",
                "[a]@b.example",
                // names with a comma that is not in quotes
                "=?utf-8?Q?a=40b.example?=",
                // what does not close
                "\"a\\\\\"@b.example",
                "a@[192.0.2.1",
                "a\\\\@b.example",
                "(\\\\",
                "\"\\\\",
                // control characters
                "a\\0@b.example",
                "a\\001@b.example",
                "a@b\\177.example",
                "\"a\\001\"@b.example",
                "\"a\\\\\\001\"@b.example",
                "a@[192\\r\\n 0.2.1]",
                // not UTF-8
                "a@\\344.example",
            })
    void no_address_that_could_be_trusted(String value) {
        assertThat(first(unescaped(value))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "<:a@b.example> | a@b.example",
                "<@r.example:@s.example:a@b.example> | a@b.example",
                "a b@c.example | b@c.example",
                "a (x) b@c.example | b@c.example",
                "a@b c.example | a@b",
                "\"a\"b@c.example | b@c.example",
                "a\"b\"@c.example | b@c.example",
                "\"a\"\"b\"@c.example | b@c.example",
                "\"a\" \"b\"@c.example | b@c.example",
                "Doe, Joe <a@b.example> | a@b.example",
                "x@evil.example <a@b.example> y | a@b.example",
                "<a@b.example> y | a@b.example",
                "<a@b.example> <c@d.example> | a@b.example",
                "<a@b.example>: | a@b.example",
                "<a@b.example>> | a@b.example",
                "<<a@b.example>> | a@b.example",
                "<a@b.example | a@b.example",
                "a@b.example> | a@b.example",
                "> a@b.example | a@b.example",
                "<a@b.example, c@d.example> | a@b.example",
                "<a@b.example;> | a@b.example",
                "<a@b.example:c@d.example> | a@b.example",
                "(a@b.example | a@b.example",
                "a@b.example ( | a@b.example",
                "a@b.example (\\\\) | a@b.example",
                "a@b.example ) | a@b.example",
                "((a) a@b.example | a@b.example",
                "\"a@b.example | a@b.example",
                "a@b.example \" | a@b.example",
                "a@192.0.2.1] | a@192.0.2.1",
                "Joe\\033 <a@b.example> | a@b.example",
                "\\344@b.example | ä@b.example",
                "\\300\\200@b.example | À@b.example",
            })
    void an_address_amid_what_does_not_parse(String value, String address) {
        assertThat(first(unescaped(value)).map(Address::toString)).contains(address);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(", "\"", "\\", "<", ":", ",", ";", "@", "[", "]", ".", "a", "\u00e4", "()", "\"\"", "a ", "<@,", "<:",
                "(\\"
            })
    void a_megabyte_of_one_thing_is_read_in_linear_time(String piece) {
        String bomb = piece.repeat((1 << 20) / piece.length());
        assertTimeoutPreemptively(Duration.ofSeconds(3), () -> {
            first(bomb);
            first(bomb + "a@b.example");
            first(bomb + "<a@b.example>");
        });
    }

    @Test
    void a_comment_of_any_depth_is_passed_over() {
        String bomb = "(".repeat(500_000) + ")".repeat(500_000);
        assertThat(first(bomb + "a@b.example" + bomb).map(Address::toString)).contains("a@b.example");
        assertThat(first("(" + bomb + "a@b.example").map(Address::toString)).contains("a@b.example");
    }

    private static Optional<Address> first(String value) {
        Originator originator =
                Originator.of(Headers.of("From:" + value + "\r\n"), Originator.Source.FROM, Originator.Several.FIRST);
        return originator instanceof Originator.Known known ? Optional.of(known.address()) : Optional.empty();
    }

    /** Octal escapes make octets. */
    private static String unescaped(String text) {
        return text.replace("\\u00e9", "\u00e9").translateEscapes();
    }
}
