package org.dkimproxy.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The texts that {@code docs/troubleshoot.md} quotes as symptoms are texts of the programs: each can be put together from string
 * literals of the sources. Texts of other programs ("at the receiver") are left out.
 */
class TroubleshootingDocumentTest {
    private static final Path ROOT = Path.of("..");

    /** Characters of a part of a literal; shorter pieces count only as whole literals. */
    private static final int LEAST_PIECE = 12;

    /** Characters of a whole literal. */
    private static final int LEAST_LITERAL = 3;

    /** Characters of a whole literal that is no common word. */
    private static final int LEAST_CERTAIN = 8;

    private static final Pattern CODE = Pattern.compile("`([^`]+)`");
    private static final Pattern LITERAL = Pattern.compile("\"((?:[^\"\\\\\n]|\\\\.)*)\"");
    private static final Pattern JOINED = Pattern.compile("\"\\s*\\+\\s*\"");
    private static final Pattern VALUE = Pattern.compile(
            "\\.\\.\\.|FILE|LINE|COLUMN|DIR|ADDR|PORT|USER|NAMES?|KEY|MODE|NUMBER|REASON|DOMAIN|[2-5]\\d\\d");

    private final Set<String> literals = literals();

    private static Set<String> literals() {
        Set<String> literals = new TreeSet<>();
        for (String module : List.of("sendermap-parser", "mailet/signing", "standalone")) {
            try (Stream<Path> walk = Files.walk(ROOT.resolve(module).resolve("src/main/java"))) {
                for (Path file :
                        walk.filter(path -> path.toString().endsWith(".java")).toList()) {
                    String source = JOINED.matcher(Files.readString(file, StandardCharsets.UTF_8))
                            .replaceAll("");
                    LITERAL.matcher(source)
                            .results()
                            .flatMap(found -> Stream.of(found.group(1).split("\\{}|\\\\n", -1)))
                            .map(text -> text.replace("\\\"", "\""))
                            .forEach(literals::add);
                }
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }
        return literals;
    }

    @Test
    void every_symptom_is_a_text_of_the_programs() throws IOException {
        List<String> quoted = quotedSymptoms();

        assertThat(quoted).hasSizeGreaterThan(60);
        assertThat(quoted.stream().filter(text -> !isOfThePrograms(text)))
                .as("not made of string literals")
                .isEmpty();
    }

    @Test
    void an_invented_text_is_none() {
        assertThat(isOfThePrograms("key file FILE is too old")).isFalse();
        assertThat(isOfThePrograms("unsigned: no rule fits ADDR")).isFalse();
        assertThat(isOfThePrograms("NUMBER")).isFalse();
        assertThat(isOfThePrograms("unsigned: no rule matches ADDR")).isTrue();
    }

    private static List<String> quotedSymptoms() throws IOException {
        List<String> quoted = new ArrayList<>();
        for (String line : Files.readAllLines(ROOT.resolve("docs/troubleshoot.md"), StandardCharsets.UTF_8)) {
            String symptom = line.startsWith("| ") ? line.split(" \\| ", -1)[0] : "";
            if (!symptom.contains(" at the ")) {
                CODE.matcher(symptom)
                        .results()
                        .map(found -> found.group(1))
                        .filter(text -> !text.startsWith("/") && !text.matches("[2-5]\\d\\d"))
                        .forEach(quoted::add);
            }
        }
        return quoted;
    }

    /** Whether the text consists of values and pieces of literals, one of them long. */
    private boolean isOfThePrograms(String text) {
        boolean[] reached = new boolean[text.length() + 1];
        boolean[] reachedByLong = new boolean[text.length() + 1];
        reached[0] = true;
        for (int from = 0; from < text.length(); from++) {
            for (int to = from + 1; reached[from] && to <= text.length(); to++) {
                String piece = text.substring(from, to);
                if (isPiece(piece)) {
                    reached[to] = true;
                    reachedByLong[to] |= reachedByLong[from] || isOfLiteral(piece) || isLiteral(piece, LEAST_CERTAIN);
                }
            }
        }
        return reachedByLong[text.length()];
    }

    private boolean isPiece(String piece) {
        return piece.matches("[\\s\\p{Punct}]")
                || VALUE.matcher(piece).matches()
                || isLiteral(piece, LEAST_LITERAL)
                || isOfLiteral(piece);
    }

    private boolean isLiteral(String piece, int least) {
        return piece.length() >= least && literals.contains(piece);
    }

    private boolean isOfLiteral(String piece) {
        return piece.length() >= LEAST_PIECE && literals.stream().anyMatch(literal -> literal.contains(piece));
    }
}
