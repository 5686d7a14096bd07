package org.dkimproxy.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The alert rules, the dashboard and the Prometheus configuration of docs/monitor.md, judged by promtool of Prometheus. */
class MonitoringIT {
    private static final Duration TIMEOUT = Duration.ofMinutes(3);
    private static final Path ALERTS = Path.of("../docs/monitor/alerts.yml");
    private static final Path DASHBOARD = Path.of("../docs/monitor/grafana-dashboard.json");
    private static final Pattern EXPRESSION = Pattern.compile("\"expr\": (\"(?:[^\"\\\\]|\\\\.)*\")");

    @TempDir
    Path folder;

    private String promtool;

    @BeforeEach
    void findPromtool() throws IOException {
        promtool = Requirements.promtool();
    }

    private void promtool(String... words) throws IOException {
        Programs.Result result = Programs.run(
                TIMEOUT, Stream.concat(Stream.of(promtool), Stream.of(words)).toList());
        assertThat(result.exit()).as(result.output() + result.errors()).isZero();
    }

    @Test
    void the_alert_rules_are_valid() throws IOException {
        promtool("check", "rules", ALERTS.toString());
    }

    @Test
    void each_alert_fires_for_its_event_and_none_in_everyday_life() throws IOException {
        Files.copy(ALERTS, folder.resolve("alerts.yml"));
        Path tests = folder.resolve("alerts-test.yml");
        Files.copy(Path.of("src/test/resources/monitor/alerts-test.yml"), tests);
        promtool("test", "rules", tests.toString());

        List<String> alerts = found("- alert: (\\w+)", ALERTS).toList();
        assertThat(found("alertname: (\\w+)\n        exp_alerts:", tests)).containsExactlyInAnyOrderElementsOf(alerts);
        assertThat(found("(?m)^\\| `(Dkimproxy\\w+)` \\|", Path.of("../docs/monitor.md")))
                .containsExactlyElementsOf(alerts);
    }

    private static Stream<String> found(String pattern, Path file) throws IOException {
        return Pattern.compile(pattern)
                .matcher(Files.readString(file, StandardCharsets.UTF_8))
                .results()
                .map(found -> found.group(1));
    }

    @Test
    void the_dashboard_is_json() throws IOException {
        Programs.Result result =
                Programs.run(TIMEOUT, List.of("/usr/bin/python3", "-m", "json.tool", DASHBOARD.toString()));
        assertThat(result.exit()).as(result.errors()).isZero();
    }

    /** As recording rules, which promtool parses. */
    @Test
    void the_expressions_of_the_dashboard_are_valid() throws IOException {
        String rules = EXPRESSION
                .matcher(Files.readString(DASHBOARD, StandardCharsets.UTF_8))
                .results()
                .map(found ->
                        found.group(1).replace("[$__rate_interval]", "[5m]").replace("$instance", ".*"))
                .map(expression -> "      - {record: \"panel\", expr: " + expression + "}\n")
                .distinct()
                .collect(Collectors.joining());
        assertThat(rules).contains("dkimproxy_messages_total");
        Path file = folder.resolve("dashboard.yml");
        Files.writeString(file, "groups:\n  - name: dashboard\n    rules:\n" + rules, StandardCharsets.UTF_8);
        promtool("check", "rules", "--lint=none", file.toString());
    }

    @Test
    void the_prometheus_configuration_of_the_guide_is_valid() throws IOException {
        Files.copy(ALERTS, folder.resolve("alerts.yml"));
        String sample = UserGuide.sampleWith("prometheus", "scrape_configs")
                .replace(
                        "/etc/prometheus/dkimproxy-alerts.yml",
                        folder.resolve("alerts.yml").toString());
        Path file = folder.resolve("prometheus.yml");
        Files.writeString(file, sample, StandardCharsets.UTF_8);
        promtool("check", "config", file.toString());
    }
}
