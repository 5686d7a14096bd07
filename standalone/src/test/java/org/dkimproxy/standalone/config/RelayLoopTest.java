package org.dkimproxy.standalone.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import org.dkimproxy.standalone.net.HostPort;
import org.dkimproxy.standalone.net.Hosts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RelayLoopTest {
    private static final InetAddress OF_INTERFACE = InetAddress.ofLiteral("192.0.2.1");
    private static final Map<String, List<InetAddress>> NAMES = Map.of(
            "mail.example", List.of(OF_INTERFACE),
            "smtp.example", List.of(InetAddress.ofLiteral("192.0.2.7"), OF_INTERFACE),
            "here.example", List.of(InetAddress.ofLiteral("127.0.1.1")),
            "other.example", List.of(InetAddress.ofLiteral("192.0.2.7"), InetAddress.ofLiteral("2001:db8::7")));

    /** The machine has the interfaces lo and one with 192.0.2.1. */
    private static final RelayLoop LOOP = new RelayLoop(
            host -> NAMES.getOrDefault(host, Hosts.literal(host).stream().toList()), OF_INTERFACE::equals);

    @ParameterizedTest
    @CsvSource({
        "mail.example:1, mail.example:1, true",
        "mail.example:1, 192.0.2.1:1, true",
        "192.0.2.1:1, mail.example:1, true",
        "192.0.2.1:1, smtp.example:1, true",
        "mail.example:1, smtp.example:1, true",
        "127.0.1.1:1, here.example:1, true",
        "0.0.0.0:1, mail.example:1, true",
        "0.0.0.0:1, 192.0.2.1:1, true",
        "0.0.0.0:1, here.example:1, true",
        "[::]:1, mail.example:1, true",
        "*:1, smtp.example:1, true",
        "unknown.example:1, Unknown.example:1, true",
        "mail.example:1, mail.example:2, false",
        "127.0.0.1:1, here.example:1, false",
        "127.0.0.1:1, mail.example:1, false",
        "0.0.0.0:1, other.example:1, false",
        "[::]:1, other.example:1, false",
        "*:1, 192.0.2.7:1, false",
        "*:1, unknown.example:1, false",
    })
    void names_and_interfaces_are_known(String listen, String relay, boolean isLoop) {
        assertThat(LOOP.find(List.of(address("127.0.0.9:9"), address(listen)), address(relay)))
                .isEqualTo(isLoop ? Optional.of(address(listen)) : Optional.empty());
    }

    @Test
    void no_name_is_looked_up_for_another_port() {
        RelayLoop loop = new RelayLoop(
                host -> {
                    throw new AssertionError(host);
                },
                _ -> false);

        assertThat(loop.find(List.of(address("a:1"), address("*:3")), address("b:2")))
                .isEmpty();
    }

    @Test
    void this_machine_has_the_addresses_of_its_interfaces() throws Exception {
        for (InetAddress own : NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .toList()) {
            String host = own.getHostAddress();
            assertThat(RelayLoop.ofThisMachine().find(List.of(new HostPort("*", 1)), new HostPort(host, 1)))
                    .as(host)
                    .isPresent();
        }
        assertThat(RelayLoop.ofThisMachine().find(List.of(address("*:1")), address("localhost:1")))
                .isPresent();
    }

    @Test
    @Timeout(30)
    void lookup_that_takes_long_is_not_waited_for() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        try {
            assertThat(Hosts.within(Duration.ofMillis(50), () -> {
                        awaitEnd(end);
                        return List.of(OF_INTERFACE);
                    }))
                    .isEmpty();
        } finally {
            end.countDown();
        }
        assertThat(Hosts.resolved("127.0.0.1", Duration.ofSeconds(20)))
                .isEqualTo(Arrays.asList(InetAddress.getAllByName("127.0.0.1")));
    }

    private static void awaitEnd(CountDownLatch end) {
        try {
            end.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static HostPort address(String text) {
        return HostPort.parse(text, OptionalInt.empty()).orElseThrow();
    }
}
