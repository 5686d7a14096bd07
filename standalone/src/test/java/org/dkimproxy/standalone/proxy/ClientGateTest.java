package org.dkimproxy.standalone.proxy;

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
import org.dkimproxy.standalone.log.LogSession;
import org.dkimproxy.standalone.log.LogSettings;
import org.dkimproxy.standalone.metrics.Metrics;
import org.dkimproxy.standalone.options.Address;
import org.dkimproxy.standalone.options.BareNewline;
import org.dkimproxy.standalone.options.MessageSettings;
import org.dkimproxy.standalone.options.ProxyLimits;
import org.dkimproxy.standalone.options.ProxySettings;
import org.dkimproxy.standalone.spool.SpoolBudget;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ClientGateTest {
    private static final Timeouts TIMEOUTS = ProxyUnderTest.allWithin(Duration.ofSeconds(15));

    private final ConnectionLimit limit = new ConnectionLimit(1);
    private final ListeningSockets sockets = mock(ListeningSockets.class);
    private final ClientGate gate = new ClientGate(sockets, limit, context());

    /** Those that wait hold descriptors themselves, so nobody else would ever free one. */
    @Test
    void aClientThatWaitsIsServedThoughTheSystemHasNoDescriptorForAnother() throws Exception {
        try (ServerSocketChannel server =
                        ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                SocketChannel one = SocketChannel.open(server.getLocalAddress());
                SocketChannel other = SocketChannel.open(server.getLocalAddress())) {
            when(sockets.accept())
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

    private SessionContext context() {
        ProxySettings settings = new ProxySettings(
                List.of(new Address("127.0.0.1", 0)),
                AccessPolicy.EVERYONE,
                new Address("127.0.0.1", 25),
                new MessageSettings(false, Path.of(System.getProperty("java.io.tmpdir")), LogSettings.STANDARD),
                BareNewline.NORMALIZE,
                ProxyLimits.STANDARD);
        SpoolBudget budget = SpoolBudget.unlimited();
        return new SessionContext(
                () -> new Service(settings, () -> {
                    throw new IllegalStateException("no message comes");
                }),
                () -> {
                    throw new IllegalStateException("no session begins");
                },
                TIMEOUTS,
                new LogRecorder(),
                Metrics.NONE,
                limit,
                budget,
                new Overload(limit, budget, TIMEOUTS.lateGreeting()),
                new ServerState(),
                new LogSession.Ids());
    }
}
