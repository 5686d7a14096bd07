package org.dkimproxy.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The form of README.md and of the guides in {@code docs/}. */
class DocumentsTest {
    private static final Path ROOT = Path.of("..");
    private static final Path README = ROOT.resolve("README.md");
    private static final Pattern LINK = Pattern.compile("]\\(([^)#]+)(?:#([^)]*))?\\)");
    private static final Pattern NAMED = Pattern.compile("`((?:docs|standalone|mailet|integration-tests)/[\\w./-]+)`");
    private static final int LONGEST_LINE = 100;

    static Stream<Path> documents() throws IOException {
        try (Stream<Path> walk = Files.walk(ROOT.resolve("docs"))) {
            List<Path> guides = walk.filter(path -> path.toString().endsWith(".md"))
                    .filter(path -> !path.startsWith(ROOT.resolve("docs/decisions")))
                    .sorted()
                    .toList();
            return Stream.concat(Stream.of(README), guides.stream());
        }
    }

    private static String text(Path document) throws IOException {
        return Files.readString(document, StandardCharsets.UTF_8);
    }

    @Test
    void the_readme_is_short() throws IOException {
        assertThat(text(README).lines().count()).isLessThanOrEqualTo(120);
    }

    @Test
    void the_readme_leads_to_every_guide() throws IOException {
        String readme = text(README);
        assertThat(documents().filter(document -> !document.equals(README)))
                .allMatch(document -> readme.contains("(" + ROOT.relativize(document) + ")"));
    }

    @ParameterizedTest
    @MethodSource("documents")
    void links_lead_to_files_and_headings(Path document) throws IOException {
        assertThat(LINK.matcher(text(document)).results()).allSatisfy(link -> {
            Path target = document.resolveSibling(link.group(1));
            assertThat(target).isRegularFile();
            if (link.group(2) != null) {
                assertThat(text(target)
                                .lines()
                                .filter(line -> line.startsWith("#"))
                                .map(DocumentsTest::anchor))
                        .contains(link.group(2));
            }
        });
    }

    private static String anchor(String heading) {
        return heading.replaceAll("^#+ ", "")
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^a-z0-9 -]", "")
                .replace(' ', '-');
    }

    @ParameterizedTest
    @MethodSource("documents")
    void files_of_the_source_tree_that_are_named_are_there(Path document) throws IOException {
        assertThat(NAMED.matcher(text(document)).results().map(found -> found.group(1)))
                .allMatch(name -> Files.exists(ROOT.resolve(name)) || isMadeByTheBuild(name));
    }

    private static boolean isMadeByTheBuild(String name) {
        return name.startsWith("standalone/target") || name.matches("docs/(systemd|logrotate\\.d)/.*");
    }

    /** Tables and code are as wide as they need to be. */
    @ParameterizedTest
    @MethodSource("documents")
    void lines_are_short(Path document) throws IOException {
        String prose = text(document).replaceAll("(?s)```.*?```", "").replaceAll("(?m)^(\\||    ).*$", "");
        assertThat(prose.lines()).allMatch(line -> line.length() <= LONGEST_LINE);
    }

    @Test
    void decisions_are_numbered_without_holes() throws IOException {
        try (Stream<Path> files = Files.list(ROOT.resolve("docs/decisions"))) {
            List<Integer> numbers = files.map(file -> file.getFileName().toString())
                    .map(name -> Integer.valueOf(name.substring(0, name.indexOf('-'))))
                    .sorted()
                    .toList();
            assertThat(numbers)
                    .isEqualTo(IntStream.rangeClosed(1, numbers.size()).boxed().toList());
        }
    }
}
