package org.dkimproxy.standalone.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/** What tests of IPv6 need. */
public final class Ipv6 {
    private Ipv6() {}

    /** Skips the test on a machine without an IPv6 loopback address, and fails it when CI is set. */
    public static void require() {
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.ofLiteral("::1"))) {
            assertThat(probe.getLocalPort()).isPositive();
        } catch (IOException e) {
            String lack = "not proved here: this machine has no IPv6 loopback address: " + e.getMessage();
            if (!System.getenv().getOrDefault("CI", "").isEmpty()) {
                fail(lack);
            }
            abort(lack);
        }
    }
}
