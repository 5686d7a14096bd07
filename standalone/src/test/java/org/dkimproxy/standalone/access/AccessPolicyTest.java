package org.dkimproxy.standalone.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AccessPolicyTest {
    /** The verdicts are those of Net::Server 2.013 for the same lists. */
    @ParameterizedTest
    @CsvSource(
            value = {
                "192.0.2.1          |                   |                  |                     |                 | admitted",
                "192.0.2.1          | 192\\.0\\.2\\.1   |                  |                     |                 | admitted",
                "192.0.2.10         | 192\\.0\\.2\\.1   |                  |                     |                 | nothing allows it",
                "192.0.2.1          |                   | 192\\.0\\.2\\.9  |                     |                 | nothing allows it",
                "192.0.2.1          |                   |                  |                     | 198.51.100.0/24 | nothing allows it",
                "192.0.2.1          | .*                | 192\\.0\\.2\\..* |                     |                 | deny 192\\.0\\.2\\..*",
                "192.0.2.1          | .*                |                  |                     | 192.0.2.0/24    | cidr_deny 192.0.2.0/24",
                "192.0.2.1          |                   | 192\\.0\\.2\\.1  | 192.0.2.0/24        |                 | deny 192\\.0\\.2\\.1",
                "192.0.2.1          |                   |                  | 192.0.2.0/24        | 192.0.2.1       | cidr_deny 192.0.2.1/32",
                "192.0.2.1          | x                 |                  | 192.0.2.0/24        |                 | admitted",
                "192.0.2.1          | 192.*             |                  | 198.51.100.0/24     |                 | admitted",
                "192.0.2.1          | x 192.*           | y                |                     | 198.51.100.0/24 | admitted",
                "192.0.2.1          |                   |                  | 10.0.0.0/8 192.0.2.1|                 | admitted",
                "10.1.2.3           |                   |                  | 10.9.9.9/8          |                 | admitted",
                "::ffff:192.0.2.1   | 192\\.0\\.2\\.1   |                  |                     |                 | admitted",
                "::ffff:192.0.2.1   |                   |                  | 192.0.2.0/24        |                 | admitted",
                "2001:db8::1        |                   |                  | 2001:db8::/32       |                 | admitted",
                "2001:db8::1        |                   |                  | 192.0.2.0/24        |                 | nothing allows it",
                "2001:db8::1        | 2001:db8::.*      |                  |                     |                 | admitted",
                "192.0.2.1          | ^192\\.0\\..*$    |                  |                     |                 | admitted",
            },
            delimiter = '|')
    void four_lists_together(
            String client, String allow, String deny, String cidrAllow, String cidrDeny, String verdict) {
        AccessPolicy policy = new AccessPolicy(
                list(deny, AccessPolicyTest::pattern),
                list(cidrDeny, text -> Network.parse(text).orElseThrow()),
                list(allow, AccessPolicyTest::pattern),
                list(cidrAllow, text -> Network.parse(text).orElseThrow()));

        assertThat(policy.refusal(InetAddress.ofLiteral(client)).orElse("admitted"))
                .isEqualTo(verdict);
    }

    @Test
    @Timeout(20)
    void expression_that_would_not_end_decides_against_the_client() {
        AddressPattern endless = pattern("([0-9a-f:]+)+([0-9a-f:]+)+\\1x");
        InetAddress client = InetAddress.ofLiteral("1111:1111:1111:1111:1111:1111:1111:1111");
        List<AddressPattern> everyone = List.of(pattern(".*"));

        assertThat(new AccessPolicy(List.of(), List.of(), List.of(endless), List.of()).refusal(client))
                .contains("nothing allows it");
        assertThat(new AccessPolicy(List.of(endless), List.of(), everyone, List.of()).refusal(client))
                .contains("deny ([0-9a-f:]+)+([0-9a-f:]+)+\\1x takes too many steps");
    }

    private static AddressPattern pattern(String expression) {
        return new AddressPattern(Pattern.compile(expression));
    }

    private static <T> List<T> list(String words, Function<String, T> reader) {
        return words == null
                ? List.of()
                : Stream.of(words.split(" ")).map(reader).toList();
    }
}
