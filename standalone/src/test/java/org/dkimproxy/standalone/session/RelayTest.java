package org.dkimproxy.standalone.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import org.dkimproxy.standalone.net.Ipv6;
import org.dkimproxy.standalone.smtp.Reply;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RelayTest {
    @Test
    void relay_is_sought_at_each_of_its_addresses() throws Exception {
        Ipv6.require();
        InetAddress v4 = InetAddress.ofLiteral("127.0.0.1");
        InetAddress v6 = InetAddress.ofLiteral("::1");
        Timeouts timeouts = ProxyUnderTest.allWithin(Duration.ofSeconds(10));
        for (List<InetAddress> order : List.of(List.of(v4, v6), List.of(v6, v4))) {
            for (InetAddress listening : order) {
                try (ScriptedRelay relay = new ScriptedRelay(listening, line -> line.say("220 " + listening));
                        Relay connected = Relay.connect(
                                order,
                                relay.port(),
                                System.nanoTime() + timeouts.connect().toNanos(),
                                timeouts)) {
                    Reply greeting = connected.greeting(timeouts.greeting());
                    assertThat(greeting.code()).isEqualTo(220);
                }
            }
        }
    }
}
