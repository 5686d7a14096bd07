package org.dkimproxy.standalone.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClientNetworkTest {
    @ParameterizedTest
    @CsvSource({
        "192.0.2.1,            192.0.2.1,          true",
        "192.0.2.1,            192.0.2.2,          false",
        "2001:db8:0:1::1,      2001:db8:0:1:ffff:ffff:ffff:ffff, true",
        "2001:db8:0:1::1,      2001:db8:0:2::1,    false",
        "::ffff:192.0.2.1,     192.0.2.1,          true",
        "::1,                  ::2,                false",
        "::1,                  127.0.0.1,          false",
    })
    void is_the_address_for_ipv4_and_the_first_64_bits_for_ipv6(String one, String other, boolean same) {
        ClientNetwork network = ClientNetwork.of(InetAddress.ofLiteral(one));

        assertThat(network.equals(ClientNetwork.of(InetAddress.ofLiteral(other))))
                .isEqualTo(same);
    }

    @ParameterizedTest
    @CsvSource({"127.0.0.1,true", "127.8.9.1,true", "::1,true", "::2,false", "192.0.2.1,false", "fe80::1,false"})
    void knows_this_machine(String address, boolean isLoopback) {
        assertThat(ClientNetwork.of(InetAddress.ofLiteral(address)).isLoopback())
                .isEqualTo(isLoopback);
    }
}
