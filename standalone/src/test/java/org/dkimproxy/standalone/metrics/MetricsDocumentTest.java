package org.dkimproxy.standalone.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The tables of docs/monitor.md say what the program serves, no less and no more. */
class MetricsDocumentTest {
    private static final Path DOCUMENT = Path.of("../docs/monitor.md");
    private static final Pattern CODE = Pattern.compile("`([^`]*)`");
    private static final Pattern HELP = Pattern.compile("(?m)^# HELP (dkimproxy_\\S+) (.*)$");
    private static final Pattern TYPE = Pattern.compile("(?m)^# TYPE (dkimproxy_\\S+) (.*)$");
    private static final Pattern SERIES = Pattern.compile("(dkimproxy_[a-z_]+)\\{(.*)}");
    private static final Pattern LABEL = Pattern.compile("([a-z_]+)=\"([^\"]*)\"");

    private final String page = new PrometheusMetrics().scrape("").body();

    /** The cells of each row whose first cell begins so. */
    private static Stream<List<String>> rows(String begin) throws IOException {
        return rows(Files.readString(DOCUMENT, StandardCharsets.UTF_8), begin);
    }

    private static Stream<List<String>> rows(String text, String begin) {
        return text.lines()
                .filter(line -> line.startsWith("| `" + begin))
                .map(line -> Stream.of(line.substring(1, line.length() - 1).split("\\|"))
                        .map(String::strip)
                        .toList());
    }

    private static List<String> codes(String cell) {
        return CODE.matcher(cell).results().map(found -> found.group(1)).toList();
    }

    private Map<String, String> served(Pattern pattern) {
        Map<String, String> served = new TreeMap<>();
        pattern.matcher(page).results().forEach(found -> served.put(found.group(1), found.group(2)));
        return served;
    }

    @Test
    void names_types_and_meanings() throws IOException {
        Map<String, String> types = new TreeMap<>();
        Map<String, String> meanings = new TreeMap<>();
        rows("dkimproxy_").forEach(cells -> {
            String name = codes(cells.getFirst()).getFirst();
            types.put(name, cells.get(1));
            meanings.put(name, cells.get(3));
        });

        assertThat(types).isEqualTo(served(TYPE));
        assertThat(meanings).isEqualTo(served(HELP));
    }

    @Test
    void labels_and_their_values() throws IOException {
        Map<String, TreeSet<String>> documented = new TreeMap<>();
        rows("dkimproxy_").filter(cells -> !cells.get(2).isEmpty()).forEach(cells -> {
            String name = codes(cells.getFirst()).getFirst();
            documented.put(name, new TreeSet<>(codes(cells.get(2))));
        });
        Map<String, TreeSet<String>> served = new TreeMap<>();
        for (String series : Scrape.of(page).keySet()) {
            MatchResult found = SERIES.matcher(series).results().findFirst().orElse(null);
            if (found != null && !found.group(1).endsWith("_bucket")) {
                boolean namesOnly = !found.group(2).matches("[a-z]+=\"[^\"]*\"");
                TreeSet<String> words = served.computeIfAbsent(found.group(1), _ -> new TreeSet<>());
                LABEL.matcher(found.group(2)).results().forEach(label -> {
                    words.add(label.group(1));
                    if (!namesOnly) {
                        words.add(label.group(2));
                    }
                });
            }
        }

        assertThat(documented).isEqualTo(served);
    }

    @Test
    void every_end_of_a_message() throws IOException {
        List<String> ends = Stream.of(Disposition.values())
                .map(end -> (end.outcome() + " " + end.reason()).strip())
                .toList();
        String outcomes = Files.readString(DOCUMENT, StandardCharsets.UTF_8)
                .split("\n### Outcomes\n", 2)[1]
                .split("\n### ", 2)[0];
        List<String> documented = rows(outcomes, "")
                .map(cells -> String.join(" ", codes(cells.get(0) + cells.get(1))))
                .toList();

        assertThat(documented).isEqualTo(ends);
    }
}
