package org.dkimproxy.standalone.metrics;

import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.core.metrics.Info;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import io.prometheus.metrics.instrumentation.jvm.JvmMemoryMetrics;
import io.prometheus.metrics.instrumentation.jvm.JvmThreadsMetrics;
import io.prometheus.metrics.instrumentation.jvm.ProcessMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.dkimproxy.sendermap.dkim.Algorithm;
import org.dkimproxy.signing.SignatureField;

/**
 * Counts for Prometheus. Every series is there from the start, at zero, so that a first event is seen as a rise; to count one
 * is an addition without a look-up by text.
 */
public final class PrometheusMetrics implements Metrics {
    private static final double NANOS_PER_SECOND = 1e9;

    /** From an Ed25519 signature of a short message to an RSA-4096 one on a busy machine. */
    private static final double[] SIGNING_SECONDS = {
        0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1
    };

    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final ExpositionFormats formats = ExpositionFormats.init();
    private final Map<Disposition, CounterDataPoint> messages = new EnumMap<>(Disposition.class);
    private final Map<RelayFailure, CounterDataPoint> relayFailures = new EnumMap<>(RelayFailure.class);
    private final Map<TurnedAway, CounterDataPoint> clientsTurnedAway = new EnumMap<>(TurnedAway.class);
    private final Map<String, CounterDataPoint> signatures = new HashMap<>();
    private final CounterDataPoint received;
    private final CounterDataPoint relayed;
    private final CounterDataPoint accepted;
    private final CounterDataPoint deferred;
    private final CounterDataPoint rejected;
    private final Histogram signingSeconds;
    private final Counter sessions;
    private final Gauge activeSessions;
    private final CounterDataPoint reloadsDone;
    private final CounterDataPoint reloadsFailed;

    /** Begins at zero. */
    public PrometheusMetrics() {
        Counter byEnd = counter("dkimproxy_messages", "Messages by outcome", "outcome", "reason");
        for (Disposition end : Disposition.values()) {
            messages.put(end, byEnd.labelValues(end.outcome(), end.reason()));
        }
        Counter bytes = counter(
                "dkimproxy_message_bytes",
                "Octets of messages that clients sent, and of messages that the relay answered",
                "direction");
        received = bytes.labelValues("received");
        relayed = bytes.labelValues("relayed");
        Counter answers = counter("dkimproxy_relay_answers", "Answers of the relay to the end of a message", "answer");
        accepted = answers.labelValues("accepted");
        deferred = answers.labelValues("deferred");
        rejected = answers.labelValues("rejected");
        Counter failures = counter("dkimproxy_relay_failures", "Sessions that a failure of the relay ended", "kind");
        for (RelayFailure kind : RelayFailure.values()) {
            relayFailures.put(kind, failures.labelValues(kind.kind()));
        }
        Counter byAlgorithm = counter("dkimproxy_signatures", "Signature fields made", "algorithm");
        for (Algorithm algorithm : Algorithm.values()) {
            signatures.put(algorithm.tag(), byAlgorithm.labelValues(algorithm.tag()));
        }
        signingSeconds = Histogram.builder()
                .name("dkimproxy_signing_seconds")
                .help("Time from the end of a message until its signature fields were made")
                .classicOnly()
                .classicUpperBounds(SIGNING_SECONDS)
                .withoutExemplars()
                .register(registry);
        sessions = counter("dkimproxy_sessions", "Sessions begun");
        activeSessions = Gauge.builder()
                .name("dkimproxy_active_sessions")
                .help("Sessions now")
                .withoutExemplars()
                .register(registry);
        Counter turnedAway =
                counter("dkimproxy_clients_turned_away", "Clients that were disconnected rather than served", "reason");
        for (TurnedAway reason : TurnedAway.values()) {
            clientsTurnedAway.put(reason, turnedAway.labelValues(reason.reason()));
        }
        Counter reloads = counter("dkimproxy_reloads", "Times the configuration was read again", "result");
        reloadsDone = reloads.labelValues("success");
        reloadsFailed = reloads.labelValues("failure");
        Info.builder()
                .name("dkimproxy_build_info")
                .help("The version of this program and of the Java that it runs on")
                .labelNames("version", "java_version")
                .register(registry)
                .addLabelValues(version(), Runtime.version().toString());
        ProcessMetrics.builder().register(registry);
        JvmMemoryMetrics.builder().register(registry);
        JvmThreadsMetrics.builder().register(registry);
    }

    @Override
    public void sessionBegan() {
        sessions.inc();
        activeSessions.inc();
    }

    @Override
    public void sessionEnded() {
        activeSessions.dec();
    }

    @Override
    public void clientTurnedAway(TurnedAway reason) {
        count(clientsTurnedAway, reason);
    }

    @Override
    public void messageEnded(Disposition end, long octets) {
        count(messages, end);
        received.inc(octets);
    }

    @Override
    public void signed(List<SignatureField> fields, long nanos) {
        signingSeconds.observe(nanos / NANOS_PER_SECOND);
        for (SignatureField field : fields) {
            count(signatures, field.algorithm());
        }
    }

    @Override
    public void relayAnswered(int code, long octets) {
        relayed.inc(octets);
        (code < 300 ? accepted : code < 500 ? deferred : rejected).inc();
    }

    @Override
    public void relayFailed(RelayFailure kind) {
        count(relayFailures, kind);
    }

    @Override
    public void reloaded(boolean success) {
        (success ? reloadsDone : reloadsFailed).inc();
    }

    /** All metrics as they are now, in OpenMetrics if an Accept field of HTTP asks for it, else in the text format. */
    HttpResponse scrape(String accept) {
        ExpositionFormatWriter writer = formats.findWriter(accept);
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        try {
            writer.write(text, registry.scrape());
        } catch (IOException e) {
            throw new UncheckedIOException("memory that cannot be written", e);
        }
        return HttpResponse.ok(writer.getContentType(), text.toString(StandardCharsets.UTF_8));
    }

    private Counter counter(String name, String help, String... labels) {
        return Counter.builder()
                .name(name)
                .help(help)
                .labelNames(labels)
                .withoutExemplars()
                .register(registry);
    }

    private static <K> void count(Map<K, CounterDataPoint> series, K key) {
        CounterDataPoint one = series.get(key);
        if (one == null) {
            throw new IllegalArgumentException("no series for " + key);
        }
        one.inc();
    }

    private static String version() {
        String version = PrometheusMetrics.class.getPackage().getImplementationVersion();
        return version == null ? "unknown" : version;
    }
}
