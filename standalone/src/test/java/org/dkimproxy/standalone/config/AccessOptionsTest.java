package org.dkimproxy.standalone.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.dkimproxy.sendermap.conf.ConfFile;
import org.dkimproxy.sendermap.text.Problem;
import org.dkimproxy.signing.config.OptionValues;
import org.dkimproxy.standalone.access.AccessPolicy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class AccessOptionsTest {
    @Test
    void lists_are_read_in_order() {
        Read read = Read.of("""
                allow 127\\.0\\.0\\.1
                allow (10\\..*|192\\.168\\..*)
                deny \\d+[|)]x\\|
                cidr_allow 192.0.2.0/24, 2001:db8::/32,,198.51.100.1
                cidr_allow ::1 127.0.0.0/8
                cidr_deny=::ffff:192.0.2.1
                """);

        assertThat(read.problems.problems()).isEmpty();
        assertThat(read.policy.allow()).hasToString("[127\\.0\\.0\\.1, (10\\..*|192\\.168\\..*)]");
        assertThat(read.policy.deny()).hasToString("[\\d+[|)]x\\|]");
        assertThat(read.policy.cidrAllow())
                .hasToString("[192.0.2.0/24, 2001:db8::/32, 198.51.100.1/32, ::1/128, 127.0.0.0/8]");
        assertThat(read.policy.cidrDeny()).hasToString("[192.0.2.1/32]");
    }

    @Test
    void without_lists_everyone_may_connect() {
        assertThat(Read.of("").policy).isEqualTo(AccessPolicy.EVERYONE);
    }

    static Stream<Arguments> wrongEntries() {
        return Stream.of(
                Arguments.of(
                        "allow (10",
                        "1:10: error: found \"(10\" (Unclosed group), expected a regular expression for whole addresses, such as 192\\.0\\.2\\..*"),
                Arguments.of(
                        "deny *",
                        "1:6: error: found \"*\" (Dangling meta character '*'), expected a regular expression for whole addresses, such as 192\\.0\\.2\\..*"),
                Arguments.of(
                        "deny [[:digit:]]+",
                        "1:7: error: found a class of Perl \"[:digit:]]+\", expected \\d, or ranges such as 0-9a-f"),
                Arguments.of(
                        "allow 10\\..*|192\\..*",
                        "1:13: warning: found an alternative outside of brackets, expected brackets around all alternatives, (...|...): each is compared with the whole address here, but with only its beginning or its end in dkimproxy 1.4"),
                Arguments.of(
                        "cidr_allow 10.0.0.0/8 x/9",
                        "1:23: error: found \"x/9\", expected an address or a network, such as 192.0.2.0/24 or 2001:db8::/32"),
                Arguments.of(
                        "cidr_deny 10.0.0.0/33",
                        "1:11: error: found \"10.0.0.0/33\", expected an address or a network, such as 192.0.2.0/24 or 2001:db8::/32"),
                Arguments.of(
                        "cidr_deny ,",
                        "1:11: error: found \",\", expected an address or a network, such as 192.0.2.0/24 or 2001:db8::/32"),
                Arguments.of(
                        "reverse_lookups 1;allow x",
                        "1:17: warning: found reverse_lookups, which is without effect, expected allow and deny for addresses only: names of clients are not looked up"));
    }

    @ParameterizedTest
    @MethodSource("wrongEntries")
    void wrong_entry_is_told_with_its_place(String file, String problem) {
        assertThat(Read.of(file.replace(';', '\n')).problems.problems())
                .extracting(Problem::summary)
                .containsExactly("test.conf:" + problem);
    }

    @Test
    void lookups_of_names_are_no_matter_for_networks() {
        assertThat(Read.of("reverse_lookups 1\ncidr_allow=::1").problems.problems())
                .isEmpty();
        assertThat(Read.of("reverse_lookups 0\nallow x").problems.problems()).isEmpty();
    }

    private record Read(AccessPolicy policy, OptionValues problems) {
        static Read of(String file) {
            OptionValues values = new OptionValues(
                    ConfFile.parse("test.conf", file.getBytes(StandardCharsets.UTF_8), ProxyOptions.TABLE.names())
                            .value());
            return new Read(AccessOptions.read(values), values);
        }
    }
}
