package org.dkimproxy.standalone.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkTest {
    @ParameterizedTest
    @CsvSource({
        "192.0.2.0/24,        192.0.2.0,          true",
        "192.0.2.0/24,        192.0.2.255,        true",
        "192.0.2.0/24,        192.0.3.0,          false",
        "192.0.2.0/24,        192.0.1.255,        false",
        "192.0.2.77/24,       192.0.2.1,          true",
        "192.0.2.128/25,      192.0.2.127,        false",
        "192.0.2.1,           192.0.2.1,          true",
        "192.0.2.1,           192.0.2.0,          false",
        "192.0.2.1/32,        192.0.2.2,          false",
        "192.0.2.0/31,        192.0.2.1,          true",
        "0.0.0.0/0,           203.0.113.9,        true",
        "0.0.0.0/0,           2001:db8::1,        false",
        "128.0.0.0/1,         255.0.0.1,          true",
        "128.0.0.0/1,         127.0.0.1,          false",
        "::/0,                2001:db8::1,        true",
        "::/0,                192.0.2.1,          false",
        "2001:db8::/32,       2001:db8:ffff::1,   true",
        "2001:db8::/32,       2001:db9::1,        false",
        "2001:DB8::1,         2001:db8:0::1,      true",
        "2001:db8::1,         2001:db8::2,        false",
        "2001:db8::8/125,     2001:db8::f,        true",
        "2001:db8::8/125,     2001:db8::10,       false",
        "192.0.2.0/24,        ::ffff:192.0.2.9,   true",
        "::ffff:192.0.2.0/120,192.0.2.9,          true",
        "::ffff:192.0.2.0/120,192.0.3.9,          false",
        "::ffff:192.0.2.1,    192.0.2.1,          true",
        "::ffff:c000:201,     192.0.2.1,          true",
    })
    void address_in_network(String network, String address, boolean isIn) {
        assertThat(Network.parse(network).orElseThrow().contains(InetAddress.ofLiteral(address)))
                .isEqualTo(isIn);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "/24",
                "192.0.2.0/",
                "192.0.2.0/33",
                "192.0.2.0/-1",
                "192.0.2.0/+8",
                "192.0.2.0/1e1",
                "192.0.2.0/24/8",
                "192.0.2.0 /24",
                "192.0.2",
                "192.0.2.",
                "192.0.2.256",
                "192.0.2.01",
                "192.0.2.0.1",
                "1",
                "localhost",
                "example.org/24",
                "::/129",
                "::g",
                ":::",
                "::1%lo",
                "[::1]",
                "[::1]/128",
                "2001:db8",
                "::ffff:192.0.2.0/95",
                "192.0.2.0-192.0.2.9",
                "192.0.2.*",
                "192.0.2.0/255.255.255.0",
                "192.0.2.0/99999999999"
            })
    void what_is_no_network(String text) {
        assertThat(Network.parse(text)).isEmpty();
    }

    @Test
    void prefix_fits_the_address() {
        InetAddress address = InetAddress.ofLiteral("192.0.2.1");

        assertThatThrownBy(() -> new Network(address, 33)).isInstanceOf(IllegalArgumentException.class);
        assertThat(new Network(address, 32)).hasToString("192.0.2.1/32");
    }
}
