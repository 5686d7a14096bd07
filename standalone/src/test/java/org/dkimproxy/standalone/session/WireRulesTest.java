package org.dkimproxy.standalone.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every rule of {@code docs/wire.md} names tests, and they are there and switched on. */
class WireRulesTest {
    private static final Path ROOT = Path.of("..");
    private static final Pattern ROW = Pattern.compile("\\| (.+) \\| (.+) \\|");
    private static final Pattern REFERENCE = Pattern.compile("`(\\w+)#(\\w+)`");

    @Test
    void every_rule_has_tests_that_exist() throws IOException {
        Map<String, String> sources = testSources();
        List<Matcher> rows = Files.readString(ROOT.resolve("docs/wire.md"), StandardCharsets.UTF_8)
                .lines()
                .map(ROW::matcher)
                .filter(Matcher::matches)
                .filter(row -> !row.group(1).matches("rule|---"))
                .toList();

        assertThat(rows).hasSizeGreaterThan(50);
        for (Matcher row : rows) {
            List<MatchResult> references =
                    REFERENCE.matcher(row.group(2)).results().toList();
            assertThat(references).as(row.group(1)).isNotEmpty();
            for (MatchResult reference : references) {
                assertThat(isTest(sources.getOrDefault(reference.group(1), ""), reference.group(2)))
                        .as("%s: %s is a test", row.group(1), reference.group())
                        .isTrue();
            }
        }
    }

    @Test
    void what_is_no_test_is_seen() throws IOException {
        String source = testSources().get("SessionTest");
        assertThat(isTest(source, "silent_client_is_told")).isTrue();
        assertThat(isTest(source, "upToData")).as("a helper").isFalse();
        assertThat(isTest(source, "silent_client")).as("a part of a name").isFalse();
        assertThat(isTest(source.replace("@Test", "@Disabled @Test"), "silent_client_is_told"))
                .as("switched off")
                .isFalse();
    }

    /** Whether a method of this name stands in the source behind an annotation that makes it a test. */
    private static boolean isTest(String source, String method) {
        Matcher declared = Pattern.compile("\n    void " + method + "\\(").matcher(source);
        if (!declared.find() || source.contains("@Disabled")) {
            return false;
        }
        String before = source.substring(0, declared.start());
        String ownAnnotations = before.substring(Math.max(before.lastIndexOf("\n    }\n"), 0));
        return ownAnnotations.contains("@Test") || ownAnnotations.contains("@ParameterizedTest");
    }

    /** The text of every test class of all modules, by its simple name. */
    private static Map<String, String> testSources() throws IOException {
        Map<String, String> sources = new HashMap<>();
        for (String module : List.of("mailet/signing", "standalone", "integration-tests")) {
            try (Stream<Path> walk = Files.walk(ROOT.resolve(module).resolve("src/test/java"))) {
                for (Path file :
                        walk.filter(path -> path.toString().endsWith(".java")).toList()) {
                    String name = file.getFileName().toString().replace(".java", "");
                    sources.merge(name, Files.readString(file, StandardCharsets.UTF_8), String::concat);
                }
            }
        }
        return sources;
    }
}
