package org.dkimproxy.signing.canonical;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.dkimproxy.signing.canonical.BodyCanonicalizer.EmptyBody;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Each body canonicalization against a plain reference that has the whole body in one String, for any cut into chunks. */
class BodyCanonicalizerTest {
    private static final Pattern RUN_OF_BLANKS = Pattern.compile("[ \t]+");
    private static final Pattern BLANK_AT_END = Pattern.compile(" \\z");
    private static final Pattern WHITE = Pattern.compile("[ \t\r\n]");
    private static final String ALPHABET = "\r\n \tx\u0080";
    private static final List<String> PIECES = List.of("\r\n", "\r\n", "\r", "\n", " ", "\t", "x", "y", "\u0080");
    private static final List<String> CHANGES = List.of(
            " ",
            "\t",
            "  ",
            " \t",
            "\t ",
            "\r\n",
            " \r\n",
            "\r\n ",
            "\r\n\r\n",
            "\r",
            "\n",
            "\n\r\n",
            "\r\r\n",
            " \r",
            "\r \n",
            "\n\r",
            "\n\r\n\r\n",
            "\t\r\n",
            "\r\n\t\r\n");

    /** A canonicalization, and the same written for reading only. */
    enum Kind {
        SIMPLE,
        DOMAINKEYS_SIMPLE,
        RELAXED,
        NOFWS,
        NOWSP;

        private BodyCanonicalizer canonicalizer(OctetSink<RuntimeException> sink) {
            return switch (this) {
                case SIMPLE -> BodyCanonicalizer.simple(EmptyBody.ONE_LINE_END, sink);
                case DOMAINKEYS_SIMPLE -> BodyCanonicalizer.simple(EmptyBody.NOTHING, sink);
                case RELAXED -> BodyCanonicalizer.relaxed(sink);
                case NOFWS -> BodyCanonicalizer.nofws(sink);
                case NOWSP -> BodyCanonicalizer.nowsp(sink);
            };
        }

        String reference(String body) {
            return switch (this) {
                case SIMPLE -> withoutEmptyLinesAtEnd(body) + "\r\n";
                case DOMAINKEYS_SIMPLE -> {
                    String text = withoutEmptyLinesAtEnd(body);
                    yield text.isEmpty() ? "" : text + "\r\n";
                }
                case RELAXED ->
                    lineByLine(
                            body,
                            line -> BLANK_AT_END
                                    .matcher(RUN_OF_BLANKS.matcher(line).replaceAll(" "))
                                    .replaceAll(""));
                case NOFWS -> lineByLine(body, line -> WHITE.matcher(line).replaceAll(""));
                case NOWSP -> WHITE.matcher(body).replaceAll("");
            };
        }

        private static String withoutEmptyLinesAtEnd(String body) {
            String text = body;
            while (text.endsWith("\r\n")) {
                text = text.substring(0, text.length() - 2);
            }
            return text;
        }

        private static String lineByLine(String body, UnaryOperator<String> canonical) {
            List<String> lines = Arrays.stream(body.split("\r\n", -1))
                    .map(canonical)
                    .collect(Collectors.toCollection(ArrayList::new));
            while (!lines.isEmpty() && lines.getLast().isEmpty()) {
                lines.removeLast();
            }
            return lines.stream().map(line -> line + "\r\n").collect(Collectors.joining());
        }

        /** The canonical form of the body, fed in chunks that end at the given offsets and at its end. */
        String of(String body, int... cuts) {
            byte[] octets = body.getBytes(ISO_8859_1);
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            BodyCanonicalizer canonicalizer = canonicalizer(out::write);
            int from = 0;
            for (int cut : cuts) {
                feed(canonicalizer, octets, from, cut);
                from = cut;
            }
            feed(canonicalizer, octets, from, octets.length);
            canonicalizer.finish();
            return out.toString(ISO_8859_1);
        }

        /** Feeds a copy between octets that would make a line end or text of it, and spoils the copy afterwards. */
        private static void feed(BodyCanonicalizer canonicalizer, byte[] octets, int from, int to) {
            byte[] buffer = new byte[to - from + 6];
            Arrays.fill(buffer, (byte) '\r');
            System.arraycopy(octets, from, buffer, 3, to - from);
            buffer[to - from + 3] = (byte) (buffer[to - from + 2] == ' ' ? 'x' : '\n');
            canonicalizer.update(buffer, 3, to - from);
            Arrays.fill(buffer, (byte) '!');
        }
    }

    /** RFC 6376 section 3.4.5, example 1, and the empty bodies of sections 3.4.3 and 3.4.4; RFC 4870 section 3.4.2. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "SIMPLE            | ' C \\r\\nD \\t E\\r\\n\\r\\n\\r\\n' | ' C \\r\\nD \\t E\\r\\n'",
                "RELAXED           | ' C \\r\\nD \\t E\\r\\n\\r\\n\\r\\n' | ' C\\r\\nD E\\r\\n'",
                "NOFWS             | ' C \\r\\nD \\t E\\r\\n\\r\\n\\r\\n' | 'C\\r\\nDE\\r\\n'",
                "NOWSP             | ' C \\r\\nD \\t E\\r\\n\\r\\n\\r\\n' | 'CDE'",
                "DOMAINKEYS_SIMPLE | ' C \\r\\nD \\t E\\r\\n\\r\\n\\r\\n' | ' C \\r\\nD \\t E\\r\\n'",
                "SIMPLE            | ''                    | '\\r\\n'",
                "SIMPLE            | '\\r\\n'              | '\\r\\n'",
                "SIMPLE            | '\\r\\n\\r\\n\\r\\n'  | '\\r\\n'",
                "DOMAINKEYS_SIMPLE | ''                    | ''",
                "DOMAINKEYS_SIMPLE | '\\r\\n'              | ''",
                "DOMAINKEYS_SIMPLE | '\\r\\n\\r\\nx'       | '\\r\\n\\r\\nx\\r\\n'",
                "RELAXED           | ''                    | ''",
                "RELAXED           | '\\r\\n'              | ''",
                "RELAXED           | ' \\t\\r\\n  \\r\\n'  | ''",
                "RELAXED           | '  x'                 | ' x\\r\\n'",
                "RELAXED           | 'x \\t\\r\\n'         | 'x\\r\\n'",
                "RELAXED           | '\\r\\n\\r\\nx\\r\\n' | '\\r\\n\\r\\nx\\r\\n'",
                "RELAXED           | 'x\\r\\n \\r\\ny'     | 'x\\r\\n\\r\\ny\\r\\n'",
                "NOFWS             | ''                    | ''",
                "NOFWS             | ' \\r\\n\\t\\r\\n'    | ''",
                "NOFWS             | '\\r\\n x y\\r\\n'    | '\\r\\nxy\\r\\n'",
                "NOWSP             | ''                    | ''",
                "SIMPLE            | 'x'                   | 'x\\r\\n'",
                "SIMPLE            | 'x\\r'                | 'x\\r\\r\\n'",
                "SIMPLE            | 'x\\r\\r\\n'          | 'x\\r\\r\\n'",
                "SIMPLE            | 'x\\n\\n'             | 'x\\n\\n\\r\\n'",
                "RELAXED           | 'x \\r y'             | 'x \\r y\\r\\n'",
                "RELAXED           | 'x \\n\\r\\n'         | 'x \\n\\r\\n'",
                "RELAXED           | '\\r'                 | '\\r\\r\\n'",
            })
    void published_and_hand_made_examples(Kind kind, String body, String canonical) {
        String text = unescaped(body);
        assertThat(kind.of(text)).isEqualTo(unescaped(canonical));
        assertThat(kind.reference(text)).as("reference").isEqualTo(unescaped(canonical));
    }

    @ParameterizedTest
    @EnumSource
    void any_two_cuts_of_a_body_with_every_kind_of_line_end_give_the_same(Kind kind) {
        for (String body : List.of(
                "",
                "x",
                "\r\n",
                " \t \r\n\r\n a  b\t\r\n\r\nc\rd\ne \r\r\n\n\r\n\u0080 \r\n\r\n",
                "\r\r\n \r\n\t\r\n\r",
                "12345678\r\n1234567\r\n123456 \r\n12345\t\r\n12345678 \r\n\r\n87654321\r\n\r\n")) {
            String canonical = kind.reference(body);
            for (int first = 0; first <= body.length(); first++) {
                for (int second = first; second <= body.length(); second++) {
                    assertThat(kind.of(body, first, second))
                            .as("%s cut at %d and %d", shown(body), first, second)
                            .isEqualTo(canonical);
                }
            }
        }
    }

    /** All bodies of up to six octets, as there are few enough. */
    @ParameterizedTest
    @EnumSource
    void every_short_body_is_as_the_reference_says(Kind kind) {
        List<String> bodies = List.of("");
        for (int length = 0; length <= 6; length++) {
            for (String body : bodies) {
                check(kind, body, new int[0]);
                check(kind, body, eachOctet(body));
            }
            bodies = bodies.stream()
                    .flatMap(body -> ALPHABET.chars().mapToObj(octet -> body + (char) octet))
                    .toList();
        }
    }

    @ParameterizedTest
    @EnumSource
    void random_bodies_in_random_chunks_are_as_the_reference_says(Kind kind) {
        Random random = new Random(6376);
        for (int i = 0; i < 20_000; i++) {
            String body = randomBody(random, random.nextInt(61));
            check(kind, body, new int[0]);
            check(kind, body, eachOctet(body));
            check(kind, body, randomCuts(random, body, 3));
        }
    }

    /** Mostly text, so that the eight octets at a time of relaxed meet each kind of border at each offset. */
    @ParameterizedTest
    @EnumSource
    void text_with_few_changes_is_as_the_reference_says_at_every_word_border(Kind kind) {
        for (String change : CHANGES) {
            for (int before = 0; before <= 18; before++) {
                for (int after = 0; after <= 18; after++) {
                    check(kind, "x".repeat(before) + change + "\u0080".repeat(after), new int[0]);
                }
            }
        }
    }

    /** Runs are dealt with in another way when they are long; what comes before them shifts the place where gathered octets are handed on. */
    @ParameterizedTest
    @EnumSource
    void runs_of_every_length_about_that_which_is_copied_are_as_the_reference_says(Kind kind) {
        for (String change : CHANGES) {
            for (int length = UnchangedRun.COPIED - 12; length <= UnchangedRun.COPIED + 44; length++) {
                for (String before : List.of("", "a  ", "b  ".repeat(1400))) {
                    String run = before + "x".repeat(length) + change;
                    check(kind, run, new int[0]);
                    check(kind, run + "y", new int[] {before.length() + length + 1});
                    check(kind, run + "\u0080".repeat(length) + change + change, new int[0]);
                }
            }
        }
    }

    /** Long runs are looked at in blocks; there are enough of them that the compiler makes vector instructions of that. */
    @Test
    void changes_in_blocks_are_as_the_reference_says() {
        IntStream.iterate(
                        3 * UnchangedRun.SHORTEST_BLOCK,
                        length -> length < 6 * UnchangedRun.LONGEST_BLOCK,
                        length -> length + 397)
                .forEach(BodyCanonicalizerTest::checkChangesAfter);
    }

    @Test
    @Tag("long")
    void changes_at_every_place_of_a_block_are_as_the_reference_says() {
        int shortest = UnchangedRun.SHORTEST_BLOCK;
        IntStream.rangeClosed(shortest - 44, 3 * shortest + 44).forEach(BodyCanonicalizerTest::checkChangesAfter);
    }

    private static void checkChangesAfter(int length) {
        for (String change : CHANGES) {
            String run = "x".repeat(length) + change;
            check(Kind.RELAXED, run + "\n", new int[] {run.length()});
            check(Kind.RELAXED, run + " y", new int[] {run.length()});
            check(Kind.RELAXED, run + "\u0080".repeat(Math.min(length, UnchangedRun.LONGEST_BLOCK)), new int[0]);
        }
    }

    @ParameterizedTest
    @EnumSource
    void long_random_bodies_are_as_the_reference_says(Kind kind) {
        Random random = new Random(4870);
        for (int i = 0; i < 400; i++) {
            StringBuilder body = new StringBuilder();
            while (body.length() < 3000) {
                body.append("z".repeat(random.nextInt(24)));
                body.append(PIECES.get(random.nextInt(PIECES.size())));
                if (random.nextInt(40) == 0) {
                    body.append("\r\n".repeat(random.nextInt(1500)));
                }
            }
            check(kind, body.toString(), randomCuts(random, body.toString(), random.nextInt(6)));
        }
    }

    @Test
    void a_million_empty_lines_before_text_are_kept_and_after_text_are_not() {
        String lines = "\r\n".repeat(1_000_000);
        assertThat(Kind.RELAXED.of(lines + "x" + lines)).isEqualTo(lines + "x\r\n");
        assertThat(Kind.SIMPLE.of(lines + "x" + lines, 1_000_001)).isEqualTo(lines + "x\r\n");
        assertThat(Kind.NOFWS.of(lines)).isEmpty();
    }

    private static void check(Kind kind, String body, int[] cuts) {
        String canonical = kind.of(body, cuts);
        if (!canonical.equals(kind.reference(body))) {
            assertThat(shown(canonical))
                    .as("%s of %s cut at %s", kind, shown(body), Arrays.toString(cuts))
                    .isEqualTo(shown(kind.reference(body)));
        }
    }

    private static String randomBody(Random random, int length) {
        StringBuilder body = new StringBuilder();
        while (body.length() < length) {
            body.append(PIECES.get(random.nextInt(PIECES.size())));
        }
        return body.toString();
    }

    private static int[] eachOctet(String body) {
        return java.util.stream.IntStream.range(0, body.length()).toArray();
    }

    private static int[] randomCuts(Random random, String body, int count) {
        return random.ints(count, 0, body.length() + 1).sorted().toArray();
    }

    private static String unescaped(String text) {
        return text.substring(1, text.length() - 1).translateEscapes();
    }

    private static String shown(String text) {
        return text.replace("\r", "\\r").replace("\n", "\\n").replace("\t", "\\t");
    }
}
