package org.dkimproxy.standalone.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import org.dkimproxy.standalone.access.AccessPolicy;
import org.dkimproxy.standalone.access.AddressPattern;
import org.dkimproxy.standalone.access.Network;
import org.dkimproxy.standalone.net.HostPort;
import org.dkimproxy.standalone.net.Ipv6;
import org.dkimproxy.standalone.net.ListeningSockets;
import org.dkimproxy.standalone.session.FakeSigner;
import org.dkimproxy.standalone.session.ProxyUnderTest;
import org.dkimproxy.standalone.session.ScriptedRelay;
import org.dkimproxy.standalone.session.TestClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who can connect where: several addresses, both kinds of address, and clients that are turned away. */
@Timeout(60)
class AccessTest {
    private static final String MAIL = "MAIL FROM:<>\r\nRCPT TO:<b@example.org>\r\nDATA\r\nSubject: x\r\n\r\n.\r\n";

    @Test
    void refused_client_hears_nothing_and_the_relay_does_not_hear_of_it() throws Exception {
        AccessPolicy others = new AccessPolicy(
                List.of(), List.of(), List.of(new AddressPattern(Pattern.compile("127.0.0"))), List.of());
        try (ServerSocket relay = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
                ProxyUnderTest proxy = ProxyUnderTest.Setup.of(relay.getLocalPort())
                        .access(others)
                        .maxSessions(1)
                        .start()) {
            for (int i = 0; i < 3; i++) {
                try (TestClient client = proxy.connect()) {
                    assertThat(client.rest()).isEmpty();
                }
            }
            relay.setSoTimeout(200);
            assertThatThrownBy(relay::accept).isInstanceOf(java.net.SocketTimeoutException.class);
            String line = "notice connection refused from 127.0.0.1: nothing allows it";
            assertThat(proxy.log.lines()).containsExactly(line, line, line);
        }
    }

    @Test
    void allowed_client_is_served() throws Exception {
        AccessPolicy loopback = new AccessPolicy(
                List.of(),
                List.of(),
                List.of(),
                List.of(Network.parse("127.0.0.0/8").orElseThrow()));
        try (ScriptedRelay relay = new ScriptedRelay(
                        line -> line.upToData().takeMessage("250 queued").answer("221 bye"));
                ProxyUnderTest proxy =
                        ProxyUnderTest.Setup.of(relay).access(loopback).start();
                TestClient client = proxy.connect()) {
            assertThat(client.say(MAIL + "QUIT\r\n").rest()).endsWith("250 queued\n221 bye\n");
            assertThat(proxy.log.lines()).contains("debug connect from 127.0.0.1");
        }
    }

    @Test
    void ipv6_client_is_served_end_to_end() throws Exception {
        Ipv6.require();
        AccessPolicy loopback =
                new AccessPolicy(List.of(), List.of(), List.of(new AddressPattern(Pattern.compile("::1"))), List.of());
        try (ScriptedRelay relay = new ScriptedRelay(
                        InetAddress.ofLiteral("::1"),
                        line -> line.upToData().takeMessage("250 queued").answer("221 bye"));
                ProxyUnderTest proxy = ProxyUnderTest.Setup.of(relay)
                        .listen("::1")
                        .relayHost("::1")
                        .access(loopback)
                        .start();
                TestClient client = proxy.connect("::1", 0)) {
            assertThat(client.say(MAIL + "QUIT\r\n").rest()).endsWith("250 queued\n221 bye\n");
            assertThat(proxy.log.lines()).contains("debug connect from ::1");
            assertThat(relay.received()).contains(FakeSigner.FIELD + "\r\nSubject: x\r\n\r\n.\r\n");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "*,       127.0.0.1, true",
        "*,       ::1,       true",
        "::,      ::1,       true",
        "::,      127.0.0.1, true",
        "0.0.0.0, 127.0.0.1, true",
        "0.0.0.0, ::1,       false",
        "::1,     127.0.0.1, false",
        "127.0.0.1, ::1,     false",
        "localhost, 127.0.0.1, true",
    })
    void which_clients_an_address_takes(String listen, String client, boolean isTaken) throws Exception {
        Ipv6.require();
        try (ScriptedRelay relay = new ScriptedRelay(line -> line.say("220 relay"));
                ProxyUnderTest proxy =
                        ProxyUnderTest.Setup.of(relay).listen(listen).start()) {
            if (isTaken) {
                try (TestClient connected = proxy.connect(client, 0)) {
                    assertThat(connected.reply()).isEqualTo("220 relay");
                    assertThat(proxy.log.lines()).contains("debug connect from " + client);
                }
            } else {
                assertThatThrownBy(() -> proxy.connect(client, 0)).isInstanceOf(ConnectException.class);
            }
        }
    }

    @Test
    void mapped_client_of_an_ipv6_address_counts_as_ipv4() throws Exception {
        Ipv6.require();
        AccessPolicy ipv4 = new AccessPolicy(
                List.of(),
                List.of(Network.parse("::/0").orElseThrow()),
                List.of(new AddressPattern(Pattern.compile("127\\.0\\.0\\.1"))),
                List.of());
        try (ScriptedRelay relay = new ScriptedRelay(line -> line.say("220 relay"));
                ProxyUnderTest proxy =
                        ProxyUnderTest.Setup.of(relay).listen("::").access(ipv4).start();
                TestClient mapped = proxy.connect("127.0.0.1", 0);
                TestClient other = proxy.connect("::1", 0)) {
            assertThat(mapped.reply()).isEqualTo("220 relay");
            assertThat(other.rest()).isEmpty();
            assertThat(proxy.log.lines()).contains("notice connection refused from ::1: cidr_deny ::/0");
        }
    }

    @Test
    void sessions_are_counted_over_all_addresses() throws Exception {
        try (ServerSocket relay = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
                ProxyUnderTest proxy = ProxyUnderTest.Setup.of(relay.getLocalPort())
                        .listen("127.0.0.1", "127.0.0.1", "127.0.0.1")
                        .maxSessions(2)
                        .start();
                TestClient first = proxy.connect("127.0.0.1", 0);
                Socket ofFirst = relay.accept();
                TestClient second = proxy.connect("127.0.0.1", 2);
                Socket ofSecond = relay.accept();
                TestClient third = proxy.connect("127.0.0.1", 1)) {
            greet(ofFirst, "first");
            greet(ofSecond, "second");
            assertThat(first.reply() + second.reply()).isEqualTo("220 first220 second");
            relay.setSoTimeout(300);
            assertThatThrownBy(relay::accept).isInstanceOf(java.net.SocketTimeoutException.class);

            second.leave();
            relay.setSoTimeout(20_000);
            try (Socket ofThird = relay.accept()) {
                greet(ofThird, "third");
                assertThat(third.reply()).isEqualTo("220 third");
            }
        }
    }

    @Test
    void no_address_is_kept_when_one_cannot_be_had() throws Exception {
        HostPort free = new HostPort("127.0.0.1", freePort());
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            HostPort used = new HostPort("127.0.0.1", taken.getLocalPort());

            assertThatThrownBy(() -> ListeningSockets.bind(List.of(free, used)))
                    .isInstanceOf(IOException.class)
                    .hasMessage("cannot listen on " + used
                            + ": Address already in use; another dkimproxy.out or mail server"
                            + " may hold it: see ss -ltnp sport = :" + used.port());
            assertThatThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), free.port()))
                    .isInstanceOf(ConnectException.class);
        }
    }

    @Test
    void address_that_is_none_of_this_machine_is_named() {
        assertThatThrownBy(() -> ListeningSockets.bind(List.of(new HostPort("192.0.2.1", 0))))
                .hasMessageStartingWith("cannot listen on 192.0.2.1:0: ");
    }

    @Test
    void clients_of_every_address_are_taken_in_turn() throws Exception {
        HostPort any = new HostPort("127.0.0.1", 0);
        try (ListeningSockets sockets = ListeningSockets.bind(List.of(any, any))) {
            int first = sockets.addresses().get(0).port();
            int second = sockets.addresses().get(1).port();
            try (Socket _ = client(first);
                    Socket _ = client(first);
                    Socket _ = client(second)) {
                List<Integer> ports = List.of(accepted(sockets), accepted(sockets), accepted(sockets));

                assertThat(ports).containsExactlyInAnyOrder(first, first, second);
                assertThat(ports.getLast()).isEqualTo(first);
            }
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        }
    }

    private static Socket client(int port) throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), port);
    }

    private static int accepted(ListeningSockets sockets) throws IOException {
        sockets.awaitClient();
        try (Socket socket = sockets.accept().orElseThrow().socket()) {
            return socket.getLocalPort();
        }
    }

    private static void greet(Socket client, String name) throws IOException {
        client.getOutputStream().write(("220 " + name + "\r\n").getBytes(StandardCharsets.US_ASCII));
    }
}
