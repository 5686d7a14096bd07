package org.dkimproxy.ledger;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.dkimproxy.sendermap.conf.ConfFile;
import org.dkimproxy.sendermap.conf.ConfOption;
import org.dkimproxy.sendermap.text.Parsed;
import org.dkimproxy.signing.DkimSigner;
import org.dkimproxy.signing.FileSource;
import org.dkimproxy.signing.config.OptionTable;
import org.dkimproxy.signing.config.SigningOptions;
import org.dkimproxy.standalone.access.AccessPolicy;
import org.dkimproxy.standalone.config.BareNewline;
import org.dkimproxy.standalone.config.MessageSettings;
import org.dkimproxy.standalone.config.ProxyConfiguration;
import org.dkimproxy.standalone.config.ProxyLimits;
import org.dkimproxy.standalone.config.ProxySettings;
import org.dkimproxy.standalone.log.DkimproxyLog;
import org.dkimproxy.standalone.log.LogLevel;
import org.dkimproxy.standalone.log.LogSettings;
import org.dkimproxy.standalone.metrics.Metrics;
import org.dkimproxy.standalone.net.HostPort;
import org.dkimproxy.standalone.server.Listener;
import org.dkimproxy.standalone.session.Timeouts;

/** The proxy within the test, with its sockets and its signer, so that its time limits can be short. */
final class LocalProxy implements AutoCloseable {
    private final Listener listener;

    LocalProxy(InetSocketAddress relay, LedgerSite site, Duration limit) throws IOException {
        ProxySettings settings = new ProxySettings(
                List.of(new HostPort("127.0.0.1", 0)),
                AccessPolicy.EVERYONE,
                new HostPort("127.0.0.1", relay.getPort()),
                new MessageSettings(false, Path.of(System.getProperty("java.io.tmpdir")), LogSettings.STANDARD),
                BareNewline.NORMALIZE,
                ProxyLimits.STANDARD);
        Duration glance = Duration.ofMillis(50);
        Timeouts timeouts = new Timeouts(
                limit, limit, limit, limit, limit, limit, limit, limit, limit, Duration.ofMillis(300), glance, 128);
        DkimSigner signer = signer(site);
        ProxyConfiguration configuration = new ProxyConfiguration(settings, signer::begin);
        listener = Listener.open(() -> configuration, timeouts, Metrics.NONE, Silent.LOG);
        Thread.ofPlatform().daemon().name("local-proxy").start(listener::serve);
    }

    private static DkimSigner signer(LedgerSite site) {
        String conf = "sender_map " + site.map() + "\n";
        Parsed<List<ConfOption>> options = ConfFile.parse(
                "conf",
                conf.getBytes(StandardCharsets.UTF_8),
                OptionTable.of(SigningOptions.GROUP).names());
        Parsed<Optional<DkimSigner>> made = DkimSigner.create(
                SigningOptions.read(options.value(), FileSource.PLAIN).value());
        return made.value().orElseThrow(() -> new AssertionError(made.problems()));
    }

    InetSocketAddress address() {
        return new InetSocketAddress(
                InetAddress.getLoopbackAddress(),
                listener.addresses().getFirst().port());
    }

    @Override
    public void close() {
        listener.stop(Duration.ofSeconds(5), Duration.ZERO);
    }

    /** What the proxy says is not looked at here. */
    private enum Silent implements DkimproxyLog {
        LOG;

        @Override
        public void log(LogLevel level, String message) {
            // the ledger tells all that counts
        }

        @Override
        public boolean isWanted(LogLevel level) {
            return false;
        }
    }
}
