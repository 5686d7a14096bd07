package org.dkimproxy.standalone.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.dkimproxy.standalone.access.AccessPolicy;
import org.dkimproxy.standalone.access.ConnectionLimit;
import org.dkimproxy.standalone.config.BareNewline;
import org.dkimproxy.standalone.config.MessageSettings;
import org.dkimproxy.standalone.config.ProxyLimits;
import org.dkimproxy.standalone.config.ProxySettings;
import org.dkimproxy.standalone.log.LogSettings;
import org.dkimproxy.standalone.metrics.Metrics;
import org.dkimproxy.standalone.net.ClientSource;
import org.dkimproxy.standalone.net.HostPort;
import org.dkimproxy.standalone.session.LogRecorder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ClientGateTest {
    private final ConnectionLimit limit = new ConnectionLimit(1);
    private final ClientSource source = mock(ClientSource.class);
    private final ClientGate gate = new ClientGate(
            source, limit, Duration.ofSeconds(15), ClientGateTest::settings, Metrics.NONE, new LogRecorder());

    /** Those that wait hold descriptors themselves, so nobody else would ever free one. */
    @Test
    void a_client_that_waits_is_served_though_the_system_has_no_descriptor_for_another() throws Exception {
        try (ServerSocketChannel server =
                        ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                SocketChannel one = SocketChannel.open(server.getLocalAddress());
                SocketChannel other = SocketChannel.open(server.getLocalAddress())) {
            when(source.accept())
                    .thenReturn(Optional.of(one))
                    .thenReturn(Optional.of(other))
                    .thenReturn(Optional.empty())
                    .thenThrow(new IOException("Too many open files"));
            AcceptedClient served = gate.next().orElseThrow();
            assertThat(gate.next()).isEmpty();
            assertThat(gate.clientsWait()).isTrue();
            assertThatThrownBy(gate::next).hasMessage("Too many open files");
            limit.close(served.network());

            assertThat(gate.next().orElseThrow().channel()).isSameAs(other);
        }
    }

    private static ProxySettings settings() {
        return new ProxySettings(
                List.of(new HostPort("127.0.0.1", 0)),
                AccessPolicy.EVERYONE,
                new HostPort("127.0.0.1", 25),
                new MessageSettings(false, Path.of(System.getProperty("java.io.tmpdir")), LogSettings.STANDARD),
                BareNewline.NORMALIZE,
                ProxyLimits.STANDARD);
    }
}
