package org.dkimproxy.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The table of what a drop-in has to honour: each row names tests, in whatever module, and they are there. The sources are
 * looked at, since the tests of other modules are not on the class path.
 */
class ContractTableTest {
    private static final List<String> MODULES =
            List.of("sendermap-parser", "mailet/signing", "standalone", "integration-tests");
    private static final String TEST = "@(?:Test|ParameterizedTest)\\b";

    /** A line of the table. */
    record Row(String name, List<String> proofs) {
        @Override
        public String toString() {
            return name;
        }
    }

    static List<Row> rows() throws IOException {
        try (InputStream table =
                Objects.requireNonNull(ContractTableTest.class.getResourceAsStream("/contract/rows.txt"))) {
            return new String(table.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(line -> Arrays.asList(line.split("\\s+")))
                    .map(words -> new Row(words.getFirst(), words.subList(1, words.size())))
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("rows")
    void a_row_is_proved_by_tests_that_are_there(Row row) throws IOException {
        assertThat(row.proofs()).isNotEmpty();
        for (String proof : row.proofs()) {
            String[] names = proof.split("\\.", -1);
            assertThat(names).as(proof).hasSize(2);
            assertThat(isTest(source(names[0]), names[1]))
                    .as("no test " + proof)
                    .isTrue();
        }
    }

    @Test
    void no_row_comes_twice() throws IOException {
        Map<String, Long> counts = rows().stream().collect(Collectors.groupingBy(Row::name, Collectors.counting()));
        assertThat(counts.values()).containsOnly(1L);
    }

    @Test
    void a_test_that_is_not_there_would_be_noticed() throws IOException {
        String source = source("ContractTableTest");
        assertThat(isTest(source, "no_row_comes_twice")).isTrue();
        assertThat(isTest(source, "no_such_test")).isFalse();
        assertThat(isTest(source, "source")).as("a method that is no test").isFalse();
    }

    /** Whether a source holds a method of this name that JUnit runs: other annotations may stand between. */
    private static boolean isTest(String source, String method) {
        return Pattern.compile("void " + Pattern.quote(method) + "\\(")
                .matcher(source)
                .results()
                .anyMatch(found -> {
                    String before = source.substring(0, found.start());
                    int memberBefore = before.lastIndexOf("\n    }\n");
                    return Pattern.compile(TEST)
                            .matcher(before.substring(Math.max(0, memberBefore)))
                            .find();
                });
    }

    private static String source(String name) throws IOException {
        for (String module : MODULES) {
            try (Stream<Path> files = Files.walk(Path.of("..", module, "src/test/java"))) {
                List<Path> found =
                        files.filter(file -> file.endsWith(name + ".java")).toList();
                if (!found.isEmpty()) {
                    return Files.readString(found.getFirst(), StandardCharsets.UTF_8);
                }
            }
        }
        throw new AssertionError("no class " + name);
    }
}
