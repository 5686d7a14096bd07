package org.dkimproxy.standalone.session;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.dkimproxy.signing.SigningTransaction;
import org.dkimproxy.standalone.access.AccessPolicy;
import org.dkimproxy.standalone.access.ConnectionLimit;
import org.dkimproxy.standalone.config.BareNewline;
import org.dkimproxy.standalone.config.MessageSettings;
import org.dkimproxy.standalone.config.ProxyConfiguration;
import org.dkimproxy.standalone.config.ProxyLimits;
import org.dkimproxy.standalone.config.ProxySettings;
import org.dkimproxy.standalone.log.LogSettings;
import org.dkimproxy.standalone.metrics.Metrics;
import org.dkimproxy.standalone.net.HostPort;
import org.dkimproxy.standalone.spool.SpoolBudget;

/**
 * Whole sessions without sockets, threads or waiting: a client that has said all in advance, and a relay that answers at
 * once. The same input gives the same result, many thousand times a second.
 */
final class DirectSession {
    private static final Timeouts TIMEOUTS = ProxyUnderTest.allWithin(Duration.ofSeconds(15));
    private static final Path TEMPORARY = Path.of(System.getProperty("java.io.tmpdir"));

    private final ProxyConfiguration configuration;

    /**
     * What came of a session.
     *
     * @param client with what it heard
     * @param relay with what it got
     * @param log the lines logged
     */
    record Result(ScriptedClient client, MemoryRelay relay, List<String> log) {}

    /** Sessions with this signer. */
    DirectSession(BareNewline bareNewline, Supplier<SigningTransaction> transactions) {
        ProxySettings settings = new ProxySettings(
                List.of(new HostPort("127.0.0.1", 0)),
                AccessPolicy.EVERYONE,
                new HostPort("127.0.0.1", 25),
                new MessageSettings(false, TEMPORARY, LogSettings.STANDARD),
                bareNewline,
                ProxyLimits.STANDARD);
        this.configuration = new ProxyConfiguration(settings, transactions);
    }

    /**
     * What came of a session with a relay of the caller's.
     *
     * @param client all that was said to it
     * @param log the lines logged
     */
    record Heard(String client, List<String> log) {}

    /** Runs a session whose client sends these pieces. */
    Result run(List<byte[]> pieces) {
        ScriptedClient client = new ScriptedClient(pieces);
        MemoryRelay relay = new MemoryRelay();
        return new Result(client, relay, run(client, relay));
    }

    /** The same, with another relay. */
    Heard run(List<byte[]> pieces, Transport relay) {
        ScriptedClient client = new ScriptedClient(pieces);
        List<String> log = run(client, relay);
        return new Heard(client.heard(), log);
    }

    private List<String> run(Transport client, Transport relay) {
        LogRecorder log = new LogRecorder();
        ConnectionLimit limit = new ConnectionLimit(1);
        SpoolBudget budget = SpoolBudget.unlimited();
        Overload overload = new Overload(limit, budget, TIMEOUTS.lateGreeting());
        SessionContext context = new SessionContext(
                () -> configuration,
                () -> new Relay(new Connection(relay, TIMEOUTS::block)),
                TIMEOUTS,
                log,
                Metrics.NONE,
                limit,
                budget,
                overload,
                new ServerState(),
                new Watchdog(overload, TIMEOUTS.poll(), log));
        Session.run(new Connection(client, TIMEOUTS::block), context);
        return log.lines();
    }

    /** The same, cut in two at this place. */
    Result run(String said, int cut) {
        return run(List.of(octets(said.substring(0, cut)), octets(said.substring(cut))));
    }

    /** The same, an octet at a time. */
    Result runOctetByOctet(String said) {
        return run(said.chars().mapToObj(octet -> new byte[] {(byte) octet}).toList());
    }

    private static byte[] octets(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
