package org.dkimproxy.standalone.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every metric, label and value in the alert rules and the dashboard of {@code docs/monitor} is one that the program exports. */
class MonitoringFilesTest {
    private static final Path FOLDER = Path.of("../docs/monitor");
    private static final Pattern RULE = Pattern.compile("(?m)^ +expr: (.*)$");
    private static final Pattern PANEL = Pattern.compile("\"expr\": \"((?:[^\"\\\\]|\\\\.)*)\"");
    private static final Pattern SELECTOR = Pattern.compile("\\b((?:dkimproxy|process|jvm)_[a-z_]+)(?:\\{([^}]*)})?");
    private static final Pattern MATCHER = Pattern.compile("([a-z_]+)(?:=~|!~|!=|=)\"([^\"]*)\"");
    private static final Pattern GROUPING = Pattern.compile("\\bby \\(([^)]*)\\)");

    /** Labels that Prometheus adds. */
    private static final Set<String> OF_PROMETHEUS = Set.of("job", "instance");

    /** For each exported series name its labels, and for each label its values. */
    private final Map<String, Map<String, Set<String>>> exported = new HashMap<>();

    static Stream<String> expressions() throws IOException {
        return Stream.concat(
                found(RULE, FOLDER.resolve("alerts.yml")), found(PANEL, FOLDER.resolve("grafana-dashboard.json")));
    }

    private static Stream<String> found(Pattern pattern, Path file) throws IOException {
        return pattern.matcher(Files.readString(file, StandardCharsets.UTF_8))
                .results()
                .map(found -> found.group(1).replace("\\\"", "\""));
    }

    @BeforeEach
    void scrape() {
        for (String line : new PrometheusMetrics().scrape("").body().lines().toList()) {
            SELECTOR.matcher(line)
                    .results()
                    .findFirst()
                    .filter(series -> !line.startsWith("#"))
                    .ifPresent(series -> {
                        Map<String, Set<String>> labels =
                                exported.computeIfAbsent(series.group(1), _ -> new HashMap<>());
                        matchers(series)
                                .forEach(label -> labels.computeIfAbsent(label.group(1), _ -> new HashSet<>())
                                        .add(label.group(2)));
                    });
        }
    }

    private static Stream<MatchResult> matchers(MatchResult selector) {
        return MATCHER.matcher(selector.group(2) == null ? "" : selector.group(2))
                .results();
    }

    @ParameterizedTest
    @MethodSource("expressions")
    void what_an_expression_names_is_exported(String expression) {
        List<MatchResult> selectors = SELECTOR.matcher(expression).results().toList();
        assertThat(selectors.isEmpty()).as("only up has no metric of ours").isEqualTo(expression.startsWith("up{"));
        Set<String> labels = new HashSet<>(OF_PROMETHEUS);
        for (MatchResult selector : selectors) {
            assertThat(exported).containsKey(selector.group(1));
            Map<String, Set<String>> known = exported.get(selector.group(1));
            labels.addAll(known.keySet());
            matchers(selector)
                    .filter(label -> !OF_PROMETHEUS.contains(label.group(1)))
                    .forEach(label -> {
                        assertThat(known).as(selector.group(1)).containsKey(label.group(1));
                        assertThat(known.get(label.group(1)))
                                .as(selector.group())
                                .containsAll(List.of(label.group(2).split("\\|", -1)));
                    });
        }
        GROUPING.matcher(expression)
                .results()
                .flatMap(grouping -> Arrays.stream(grouping.group(1).split(", ", -1)))
                .forEach(label -> assertThat(labels).as(expression).contains(label));
    }
}
