package org.dkimproxy.standalone.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.dkimproxy.signing.SignatureField;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class PrometheusMetricsTest {
    private final PrometheusMetrics metrics = new PrometheusMetrics();

    @Test
    void every_series_is_there_at_zero_from_the_start() {
        Map<String, Double> samples = Scrape.of(metrics.scrape("").body());

        assertThat(Scrape.moved(metrics)).isEmpty();
        assertThat(samples.keySet().stream().filter(name -> name.startsWith("dkimproxy_messages_total")))
                .hasSameSizeAs(Disposition.values());
        assertThat(samples)
                .containsKeys(
                        "dkimproxy_messages_total{outcome=\"signed\",reason=\"\"}",
                        "dkimproxy_signatures_total{algorithm=\"ed25519-sha256\"}",
                        "dkimproxy_reloads_total{result=\"failure\"}",
                        "dkimproxy_signing_seconds_bucket{le=\"1.0E-4\"}",
                        "process_open_fds",
                        "process_resident_memory_bytes",
                        "jvm_memory_used_bytes{area=\"heap\"}",
                        "jvm_threads_current");
    }

    static Stream<Arguments> events() {
        return Stream.of(
                event("a session", Metrics::sessionBegan, Map.of("sessions_total", 1.0, "active_sessions", 1.0)),
                event(
                        "a session that is over",
                        metrics -> {
                            metrics.sessionBegan();
                            metrics.sessionEnded();
                        },
                        Map.of("sessions_total", 1.0)),
                event(
                        "signatures",
                        metrics -> metrics.signed(List.of(field("rsa-sha256"), field("ed25519-sha256")), 1),
                        Map.of(
                                "signing_seconds_count",
                                1.0,
                                "signatures_total{algorithm=\"rsa-sha256\"}",
                                1.0,
                                "signatures_total{algorithm=\"ed25519-sha256\"}",
                                1.0)),
                event("a message taken", metrics -> metrics.relayAnswered(250, 7), answer("accepted")),
                event("a message put off", metrics -> metrics.relayAnswered(451, 7), answer("deferred")),
                event("a message not taken", metrics -> metrics.relayAnswered(554, 7), answer("rejected")),
                event("a reload", metrics -> metrics.reloaded(true), Map.of("reloads_total{result=\"success\"}", 1.0)),
                event(
                        "a reload that failed",
                        metrics -> metrics.reloaded(false),
                        Map.of("reloads_total{result=\"failure\"}", 1.0)));
    }

    private static Arguments event(String name, Consumer<Metrics> event, Map<String, Double> moved) {
        return Arguments.of(name, event, moved);
    }

    private static Map<String, Double> answer(String answer) {
        return Map.of(
                "relay_answers_total{answer=\"" + answer + "\"}",
                1.0,
                "message_bytes_total{direction=\"relayed\"}",
                7.0);
    }

    private static SignatureField field(String algorithm) {
        return new SignatureField("DKIM-Signature: v=1", algorithm, "example.org", "s", "@example.org");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("events")
    void each_event_moves_its_own_counters_and_no_other(
            String name, Consumer<Metrics> event, Map<String, Double> moved) {
        event.accept(metrics);

        assertThat(Scrape.moved(metrics)).isEqualTo(moved);
    }

    @ParameterizedTest
    @EnumSource
    void each_end_of_a_message_has_a_series_of_its_own(Disposition end) {
        metrics.messageEnded(end, 5);

        assertThat(Scrape.moved(metrics))
                .isEqualTo(Map.of(
                        "messages_total{outcome=\"" + end.outcome() + "\",reason=\"" + end.reason() + "\"}",
                        1.0,
                        "message_bytes_total{direction=\"received\"}",
                        5.0));
    }

    @ParameterizedTest
    @EnumSource
    void each_failure_of_the_relay_has_a_series_of_its_own(RelayFailure kind) {
        metrics.relayFailed(kind);

        assertThat(Scrape.moved(metrics)).isEqualTo(Map.of("relay_failures_total{kind=\"" + kind.kind() + "\"}", 1.0));
    }

    @ParameterizedTest
    @EnumSource
    void each_reason_to_turn_a_client_away_has_a_series_of_its_own(TurnedAway reason) {
        metrics.clientTurnedAway(reason);

        assertThat(Scrape.moved(metrics))
                .isEqualTo(Map.of("clients_turned_away_total{reason=\"" + reason.reason() + "\"}", 1.0));
    }

    @Test
    void times_are_in_seconds_and_fall_into_their_buckets() {
        metrics.signed(List.of(), 240_000);
        metrics.signed(List.of(), 2_000_000_000L);

        assertThat(Scrape.of(metrics.scrape("").body()))
                .containsEntry("dkimproxy_signing_seconds_bucket{le=\"1.0E-4\"}", 0.0)
                .containsEntry("dkimproxy_signing_seconds_bucket{le=\"2.5E-4\"}", 1.0)
                .containsEntry("dkimproxy_signing_seconds_bucket{le=\"1.0\"}", 1.0)
                .containsEntry("dkimproxy_signing_seconds_bucket{le=\"+Inf\"}", 2.0)
                .containsEntry("dkimproxy_signing_seconds_sum", 2.00024);
    }
}
