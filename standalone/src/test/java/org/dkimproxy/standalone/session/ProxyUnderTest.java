package org.dkimproxy.standalone.session;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.dkimproxy.signing.SigningOutcome;
import org.dkimproxy.standalone.access.AccessPolicy;
import org.dkimproxy.standalone.config.BareNewline;
import org.dkimproxy.standalone.config.MessageSettings;
import org.dkimproxy.standalone.config.ProxyConfiguration;
import org.dkimproxy.standalone.config.ProxyLimits;
import org.dkimproxy.standalone.config.ProxySettings;
import org.dkimproxy.standalone.log.LogSettings;
import org.dkimproxy.standalone.metrics.PrometheusMetrics;
import org.dkimproxy.standalone.net.HostPort;
import org.dkimproxy.standalone.server.Listener;

/** A listener on a free port whose signer gives one fixed outcome and keeps what it was fed. */
public final class ProxyUnderTest implements AutoCloseable {
    public final LogRecorder log = new LogRecorder();
    public final PrometheusMetrics metrics = new PrometheusMetrics();
    public final FakeSigner signer;
    private final Listener listener;

    /** Who may connect where, and the host of the relay. */
    public record Ends(List<HostPort> listen, AccessPolicy access, String relayHost) {}

    /** How a test's proxy differs from the plain one. */
    public record Setup(
            Ends ends,
            int relayPort,
            FakeSigner signer,
            boolean rejectErrors,
            BareNewline bareNewline,
            ProxyLimits limits,
            Path spool,
            Timeouts timeouts) {
        public static Setup of(ScriptedRelay relay) {
            return of(relay.port());
        }

        public static Setup of(int relayPort) {
            return new Setup(
                    new Ends(List.of(new HostPort("127.0.0.1", 0)), AccessPolicy.EVERYONE, "127.0.0.1"),
                    relayPort,
                    FakeSigner.of(FakeSigner.SIGNED),
                    false,
                    BareNewline.NORMALIZE,
                    new ProxyLimits(0, 10, OptionalInt.empty(), ProxyLimits.SPOOL),
                    Path.of(System.getProperty("java.io.tmpdir")),
                    allWithin(Duration.ofSeconds(15)));
        }

        public Setup listen(String... addresses) {
            List<HostPort> listen =
                    Stream.of(addresses).map(host -> new HostPort(host, 0)).toList();
            return ends(new Ends(listen, ends.access(), ends.relayHost()));
        }

        public Setup access(AccessPolicy access) {
            return ends(new Ends(ends.listen(), access, ends.relayHost()));
        }

        public Setup relayHost(String host) {
            return ends(new Ends(ends.listen(), ends.access(), host));
        }

        private Setup ends(Ends changed) {
            return new Setup(changed, relayPort, signer, rejectErrors, bareNewline, limits, spool, timeouts);
        }

        public Setup outcome(SigningOutcome changed) {
            return signer(FakeSigner.of(changed));
        }

        Setup signer(FakeSigner changed) {
            return new Setup(ends, relayPort, changed, rejectErrors, bareNewline, limits, spool, timeouts);
        }

        public Setup rejectErrors(boolean changed) {
            return new Setup(ends, relayPort, signer, changed, bareNewline, limits, spool, timeouts);
        }

        public Setup bareNewline(BareNewline changed) {
            return new Setup(ends, relayPort, signer, rejectErrors, changed, limits, spool, timeouts);
        }

        public Setup sizeLimit(long changed) {
            return limits(
                    new ProxyLimits(changed, limits.connections(), limits.connectionsPerClient(), limits.spool()));
        }

        public Setup maxSessions(int changed) {
            return limits(
                    new ProxyLimits(limits.messageSize(), changed, limits.connectionsPerClient(), limits.spool()));
        }

        public Setup maxSessionsPerClient(int changed) {
            return limits(new ProxyLimits(
                    limits.messageSize(), limits.connections(), OptionalInt.of(changed), limits.spool()));
        }

        public Setup spoolBudget(long changed) {
            return limits(new ProxyLimits(
                    limits.messageSize(), limits.connections(), limits.connectionsPerClient(), changed));
        }

        private Setup limits(ProxyLimits changed) {
            return new Setup(ends, relayPort, signer, rejectErrors, bareNewline, changed, spool, timeouts);
        }

        public Setup spool(Path changed) {
            return new Setup(ends, relayPort, signer, rejectErrors, bareNewline, limits, changed, timeouts);
        }

        public Setup timeouts(Timeouts changed) {
            return new Setup(ends, relayPort, signer, rejectErrors, bareNewline, limits, spool, changed);
        }

        public ProxyUnderTest start() throws IOException {
            return new ProxyUnderTest(this);
        }
    }

    /** Every wait of this length, with a quick look at relay and stop. */
    public static Timeouts allWithin(Duration all) {
        return new Timeouts(
                all, all, all, all, all, all, all, all, all, Duration.ofMillis(300), Duration.ofMillis(30), 128);
    }

    /** A plain proxy's time limits, with these for a proxy that is full. */
    public static Timeouts whenFull(Duration client, Duration admission) {
        Duration all = Duration.ofSeconds(15);
        return new Timeouts(
                all,
                all,
                all,
                all,
                all,
                all,
                all,
                client,
                admission,
                Duration.ofMillis(300),
                Duration.ofMillis(30),
                128);
    }

    private ProxyUnderTest(Setup setup) throws IOException {
        signer = setup.signer();
        ProxySettings settings = new ProxySettings(
                setup.ends().listen(),
                setup.ends().access(),
                new HostPort(setup.ends().relayHost(), setup.relayPort()),
                new MessageSettings(setup.rejectErrors(), setup.spool(), LogSettings.STANDARD),
                setup.bareNewline(),
                setup.limits());
        ProxyConfiguration configuration = new ProxyConfiguration(settings, signer);
        listener = Listener.open(() -> configuration, setup.timeouts(), metrics, log);
        Thread.ofPlatform().daemon().start(listener::serve);
    }

    public TestClient connect() throws IOException {
        return new TestClient(port(0));
    }

    public TestClient connect(String host, int index) throws IOException {
        return new TestClient(InetAddress.getByName(host), port(index));
    }

    /** The port of the address at this index. */
    public int port(int index) {
        return listener.addresses().get(index).port();
    }

    public boolean stop(Duration deadline) {
        return listener.stop(deadline, Duration.ZERO);
    }

    public boolean stop(Duration messages, Duration answers) {
        return listener.stop(messages, answers);
    }

    @Override
    public void close() {
        listener.stop(Duration.ofSeconds(5), Duration.ZERO);
    }
}
