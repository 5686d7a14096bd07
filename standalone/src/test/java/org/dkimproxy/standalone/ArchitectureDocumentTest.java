package org.dkimproxy.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The pictures and the table of {@code docs/architecture.md} show the packages, imports and classes of the sources. */
class ArchitectureDocumentTest {
    private static final Path ROOT = Path.of("..");
    private static final Path PICTURES = ROOT.resolve("docs/architecture");
    private static final Pattern PACKAGE = Pattern.compile("(?m)^package org\\.dkimproxy\\.([a-z.]+);");
    private static final Pattern IMPORT =
            Pattern.compile("(?m)^import (?:static )?org\\.dkimproxy\\.([a-z.]+?)\\.([A-Z]\\w*).*;$");
    private static final Pattern COMMENT = Pattern.compile("(?s)/\\*.*?\\*/|//[^\n]*");
    private static final Pattern CLUSTER =
            Pattern.compile("(?s)subgraph \\w+ \\{\\s+label=\"([^\"]*)\"[^\n]*\n(.*?)\n    }");
    private static final Pattern NODE = Pattern.compile("(?m)^ +\"?([\\w.]+)\"?( \\[label=[^]]*])?$");

    /** What each package imports of the others. */
    private static Map<String, Set<String>> imports() throws IOException {
        Map<String, Set<String>> imports = new TreeMap<>();
        for (String module : List.of("sendermap-parser", "mailet/signing", "mailet/james", "standalone")) {
            for (Path file : sources(module)) {
                String source = Files.readString(file, StandardCharsets.UTF_8);
                String name = found(PACKAGE, source).getFirst();
                imports.computeIfAbsent(name, _ -> new TreeSet<>()).addAll(imports(source));
                imports.get(name).remove(name);
            }
        }
        return imports;
    }

    /** The packages of the imports that the code uses, and not its Javadoc alone. */
    private static List<String> imports(String source) {
        String code = COMMENT.matcher(source).replaceAll("");
        return IMPORT.matcher(code)
                .results()
                .filter(found -> found.group().startsWith("import static ")
                        || Pattern.compile("\\b" + found.group(2) + "\\b")
                                        .matcher(code)
                                        .results()
                                        .count()
                                > 1)
                .map(found -> found.group(1))
                .toList();
    }

    private static List<Path> sources(String module) throws IOException {
        try (Stream<Path> walk = Files.walk(ROOT.resolve(module).resolve("src/main/java"))) {
            return walk.filter(path -> path.toString().endsWith(".java") && !path.endsWith("package-info.java"))
                    .toList();
        }
    }

    private static List<String> found(Pattern pattern, String text) {
        return pattern.matcher(text).results().map(found -> found.group(1)).toList();
    }

    private static String picture(String name) throws IOException {
        return Files.readString(PICTURES.resolve(name), StandardCharsets.UTF_8);
    }

    /** The arrows of a picture: for each node those that it points to. */
    private static Map<String, Set<String>> arrows(String dot) {
        Map<String, Set<String>> arrows = new TreeMap<>();
        for (String line : dot.lines().filter(line -> line.contains("->")).toList()) {
            String[] nodes = line.replaceAll("\\[.*|[\"\\s]", "").split("->", -1);
            for (int i = 0; i + 1 < nodes.length; i++) {
                arrows.computeIfAbsent(nodes[i], _ -> new TreeSet<>()).add(nodes[i + 1]);
            }
        }
        return arrows;
    }

    /** For each node those that can be reached from it. */
    private static Map<String, Set<String>> closure(Map<String, Set<String>> arrows) {
        Map<String, Set<String>> closure = new TreeMap<>();
        for (String node : arrows.keySet()) {
            Set<String> reached = new TreeSet<>();
            reach(node, arrows, reached);
            if (!reached.isEmpty()) {
                closure.put(node, reached);
            }
        }
        return closure;
    }

    private static void reach(String node, Map<String, Set<String>> arrows, Set<String> reached) {
        for (String next : arrows.getOrDefault(node, Set.of())) {
            if (reached.add(next)) {
                reach(next, arrows, reached);
            }
        }
    }

    @Test
    void the_picture_of_the_packages_has_all_packages_and_their_imports() throws IOException {
        String dot = picture("packages.dot");
        Set<String> nodes = CLUSTER.matcher(dot)
                .results()
                .flatMap(cluster -> found(NODE, cluster.group(2)).stream())
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(nodes).isEqualTo(imports().keySet());
        assertThat(closure(arrows(dot))).isEqualTo(closure(imports()));
    }

    @Test
    void no_arrow_of_the_packages_follows_from_others() throws IOException {
        Map<String, Set<String>> arrows = arrows(picture("packages.dot"));
        arrows.forEach((from, all) -> all.forEach(to -> {
            Map<String, Set<String>> without = new TreeMap<>(arrows);
            without.put(from, all.stream().filter(next -> !next.equals(to)).collect(Collectors.toSet()));
            assertThat(closure(without).getOrDefault(from, Set.of()))
                    .as(from + " -> " + to)
                    .doesNotContain(to);
        }));
    }

    @Test
    void the_table_has_all_packages() throws IOException {
        String table = Files.readString(ROOT.resolve("docs/architecture.md"), StandardCharsets.UTF_8)
                .split("\\| package \\|", 2)[1]
                .split("\n\n", 2)[0];

        assertThat(found(Pattern.compile("(?m)^\\| `([a-z.]+)` \\| \\w"), table))
                .containsExactlyInAnyOrderElementsOf(imports().keySet());
    }

    @Test
    void the_classes_that_a_message_passes_are_in_their_packages() throws IOException {
        String dot = picture("message.dot");
        String text = Files.readString(ROOT.resolve("docs/architecture.md"), StandardCharsets.UTF_8);
        Set<String> classes = new HashSet<>();
        for (MatchResult cluster : CLUSTER.matcher(dot).results().toList()) {
            List<String> packages = List.of(cluster.group(1).split(", ", -1));
            for (String name : found(NODE, cluster.group(2))) {
                classes.add(name);
                assertThat(text).contains("`" + name + "`");
                assertThat(packages.stream().map(place -> source(place, name)))
                        .as(name)
                        .anyMatch(Files::isRegularFile);
            }
        }

        assertThat(classes).hasSizeGreaterThan(10);
        Set<String> connected = new HashSet<>(Set.of("client", "relay"));
        connected.addAll(classes);
        assertThat(connected).containsAll(arrows(dot).keySet());
    }

    private static Path source(String place, String name) {
        String module = place.startsWith("signing") ? "mailet/signing" : "standalone";
        return ROOT.resolve(module)
                .resolve("src/main/java/org/dkimproxy")
                .resolve(place.replace('.', '/'))
                .resolve(name + ".java");
    }

    /** An SVG of Graphviz has a title for each node, {@code a}, and each arrow, {@code a->b}. */
    @ParameterizedTest
    @ValueSource(strings = {"packages", "message"})
    void the_rendered_picture_is_that_of_its_source(String name) throws IOException {
        String dot = picture(name + ".dot");
        Set<String> expected = new TreeSet<>();
        arrows(dot).forEach((from, all) -> {
            expected.add(from);
            expected.addAll(all);
            all.forEach(to -> expected.add(from + "->" + to));
        });
        String svg = picture(name + ".svg").replace("&#45;", "-");

        assertThat(found(
                                Pattern.compile(
                                        "<g id=\"(?:node|edge)\\d+\" class=\"(?:node|edge)\">\\s*<title>([^<]*)</title>"),
                                svg)
                        .stream()
                        .map(title -> title.replace("&gt;", ">")))
                .containsExactlyInAnyOrderElementsOf(expected);
        Matcher labels = Pattern.compile("label=\"([^\"]*)\"").matcher(dot);
        assertThat(labels.results()
                        .flatMap(label -> Arrays.stream(label.group(1).split("\\\\n", -1))))
                .allMatch(line -> svg.contains(">" + line + "</text>"));
    }
}
