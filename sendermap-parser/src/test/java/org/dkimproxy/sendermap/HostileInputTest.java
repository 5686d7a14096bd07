package org.dkimproxy.sendermap;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.dkimproxy.sendermap.conf.ConfFile;
import org.dkimproxy.sendermap.dkim.MacroTemplate;
import org.dkimproxy.sendermap.dkim.SignatureSpecifications;
import org.dkimproxy.sendermap.map.ListIdMap;
import org.dkimproxy.sendermap.map.SenderMap;
import org.dkimproxy.sendermap.text.Parsed;
import org.dkimproxy.sendermap.text.SourceText;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever is read gives a value or a problem, in time that grows with its length and no faster. */
class HostileInputTest {
    private static final int SMALL = 10_000;
    private static final int LARGE = 10 * SMALL;
    private static final int FULL = 10_000_000;
    private static final int ATTEMPTS = 5;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    static Stream<String> shapes() {
        return Stream.of(
                "a",
                "(",
                ")",
                "dkim(",
                "dkim)",
                ",",
                "dkim,",
                "dkim(c=x),",
                "dkim(zz=1,",
                "(,",
                "=",
                "c=",
                "$",
                "$x",
                "$$",
                ":",
                "\"",
                "'",
                "\\",
                "\\#",
                "#",
                ";",
                "%",
                "%4",
                "%41",
                "%FF",
                "%C3%BC",
                "--",
                "\0",
                "\u0001",
                "\t",
                " ",
                "@",
                "a@",
                "\"@",
                ".",
                "a.",
                "a..",
                "*.",
                "\u00FC",
                "\u00FC.",
                "\u00DF",
                "\uD83D\uDE00",
                "\uFEFF",
                "\r",
                "\n",
                "\r\n",
                "a\n",
                "a \n",
                " a\n",
                "a dkim\n",
                "a dkimm\n",
                "@ dkim\n",
                "# \n",
                "x=1\n",
                "=\n",
                "a@a dkim(c=x,c=y,)\n");
    }

    static Stream<Arguments> prefixesAndShapes() {
        return Stream.of(
                        "key ",
                        "key dkim(d=",
                        "key dkim(h=",
                        "key dkim(s=",
                        "key dkim(i=$sender",
                        "signature=dkim(key=%20")
                .flatMap(prefix -> shapes().map(shape -> Arguments.of(prefix, shape)));
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void a_shape_repeated_takes_linear_time(String shape) {
        assertLinear(length -> parseAll(repeated("", shape, length)));
        assertLinear(length -> parseAll(repeated("key dkim(", shape, length)));
    }

    @ParameterizedTest
    @MethodSource("prefixesAndShapes")
    @Tag("long")
    void a_shape_repeated_after_a_prefix_takes_linear_time(String prefix, String shape) {
        assertLinear(length -> parseAll(repeated(prefix, shape, length)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "dkim(zz=1,", "dkim,", "(", "%20", "key dkimm\n"})
    @Tag("long")
    void ten_megabytes_are_read(String shape) {
        parseAll(repeated("key ", shape, FULL));
        parseAll(repeated("", shape, FULL));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", ".", "a.", "@", "+", "a+", "\"", "\u00FC", "\u00FC.", "\0", "\uD800"})
    void anything_may_be_looked_up_in_linear_time(String shape) {
        String longKey = "x.".repeat(400) + "x";
        SenderMap senders = SenderMap.parse("map", ("a.example dkim\n" + longKey + " dkim").getBytes(UTF_8))
                .value();
        ListIdMap lists = ListIdMap.parse("map", ("a.example dkim\n" + longKey + " dkim").getBytes(UTF_8))
                .value();

        assertLinear(length -> {
            String text = shape.repeat(length / shape.length());
            senders.lookup(text, "other.example");
            senders.lookup("bob", text);
            senders.lookup(text, text);
            lists.lookup(text);
        });
    }

    @Test
    void random_bytes_never_throw() {
        Random random = new Random(3);
        String alphabet = "dkim(=,)acdsihxt$keysendr@.\"'\\%#;:-_ \t\r\n\0+\u00FC\u00DF*<>";
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder(random.nextBoolean() ? "key dkim(" : "");
            for (int j = random.nextInt(60); j > 0; j--) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            parseAll(text.toString().getBytes(random.nextBoolean() ? UTF_8 : ISO_8859_1));
        }
    }

    @Test
    void a_hundred_thousand_broken_lines_give_a_thousand_problems_and_a_count() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 100_000; i++) {
            text.append("d").append(i).append(".example dkimm(s=").append(i).append(")\n");
        }

        Parsed<SenderMap> map = SenderMap.parse("map", text.toString().getBytes(UTF_8));

        assertThat(map.problems()).hasSize(1001);
        assertThat(map.problems().getLast().found()).isEqualTo("99000 more errors and 0 more warnings");
    }

    @Test
    void the_same_fault_in_a_hundred_thousand_lines_is_counted_line_by_line() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 100_000; i++) {
            text.append("d").append(i).append(".example dkim(c=x,a=rsa-sha1)\n");
        }

        Parsed<SenderMap> map = SenderMap.parse("map", text.toString().getBytes(UTF_8));

        assertThat(map.problems()).hasSize(1001);
        assertThat(map.problems().getLast().found()).isEqualTo("99000 more errors and 1 more warnings");
    }

    @Test
    void a_hundred_thousand_distinct_right_hand_sides_are_held() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 100_000; i++) {
            text.append("d").append(i).append(".example dkim(s=s").append(i).append(")\n");
        }

        SenderMap map = SenderMap.parse("map", text.toString().getBytes(UTF_8)).value();

        assertThat(map.size()).isEqualTo(100_000);
        for (int i = 0; i < 100_000; i += 9_999) {
            assertThat(map.lookup("bob", "sub.d" + i + ".example").orElseThrow().specifications())
                    .singleElement()
                    .extracting(found -> found.selector().orElseThrow().text())
                    .isEqualTo("s" + i);
        }
    }

    private static byte[] repeated(String prefix, String shape, int length) {
        byte[] bytes = shape.getBytes(UTF_8);
        byte[] begin = prefix.getBytes(UTF_8);
        byte[] content = Arrays.copyOf(begin, begin.length + length / bytes.length * bytes.length);
        for (int i = begin.length; i < content.length; i++) {
            content[i] = bytes[(i - begin.length) % bytes.length];
        }
        return content;
    }

    private static void parseAll(byte[] content) {
        assertThat(SenderMap.parse("map", content).problems()).hasSizeLessThanOrEqualTo(1001);
        assertThat(ListIdMap.parse("map", content).problems()).hasSizeLessThanOrEqualTo(1001);
        ConfFile.parse("conf", content, Set.of("signature", "key"))
                .value()
                .forEach(option -> SignatureSpecifications.parse(option.value()));
        SourceText text = SourceText.of("option", new String(content, UTF_8));
        assertThat(SignatureSpecifications.parse(text).problems()).hasSizeLessThanOrEqualTo(1001);
        MacroTemplate template = MacroTemplate.parse(text).value();
        template.expand(
                new MacroTemplate.Values(Optional.of("a@b"), Optional.of("b"), Optional.of("c"), Optional.of("d")));
    }

    /**
     * Ten times the input may take thirty times as long, which is far from the hundred times of quadratic work. Processor time
     * of this thread counts, and one try of several is enough: a busy machine makes work seem slower, never quicker.
     */
    private static void assertLinear(Consumer<Integer> work) {
        Duration small = Duration.ZERO;
        Duration large = Duration.ZERO;
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            small = time(work, SMALL);
            large = time(work, LARGE);
            if (isLinear(small, large)) {
                return;
            }
        }
        throw new AssertionError(SMALL + " octets took " + small + " and " + LARGE + " took " + large);
    }

    private static boolean isLinear(Duration small, Duration large) {
        return large.compareTo(small.multipliedBy(30).plusMillis(100)) < 0;
    }

    private static Duration time(Consumer<Integer> work, int length) {
        long begin = THREADS.getCurrentThreadCpuTime();
        work.accept(length);
        return Duration.ofNanos(THREADS.getCurrentThreadCpuTime() - begin);
    }
}
