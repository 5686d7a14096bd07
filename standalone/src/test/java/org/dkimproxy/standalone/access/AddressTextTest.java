package org.dkimproxy.standalone.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressTextTest {
    @ParameterizedTest
    @CsvSource({
        "192.0.2.1,                     192.0.2.1",
        "::,                            ::",
        "::1,                           ::1",
        "1::,                           1::",
        "fe80::1%1,                     fe80::1",
        "2001:DB8:0:0:0:0:0:1,          2001:db8::1",
        "2001:db8:0:1:1:1:1:1,          2001:db8:0:1:1:1:1:1",
        "2001:0:0:1:0:0:0:1,            2001:0:0:1::1",
        "2001:db8:0:0:1:0:0:1,          2001:db8::1:0:0:1",
        "1:2:3:4:5:6:7:8,               1:2:3:4:5:6:7:8",
        "1:2:3:4:5:6:0:0,               1:2:3:4:5:6::",
        "0:0:3:4:5:6:7:8,               ::3:4:5:6:7:8",
        "::ffff:192.0.2.1,              192.0.2.1",
    })
    void is_the_shortest_form(String literal, String text) {
        assertThat(AddressText.of(InetAddress.ofLiteral(literal))).isEqualTo(text);
    }
}
