package org.dkimproxy.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.dkimproxy.testkit.RunningProxy;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The manual pages of the tree are good roff to two programs that read it, and their examples work. */
class ManPagesIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Pattern EXAMPLE = Pattern.compile("(?s)\\.EX\n(.*?)\\.EE\n");

    @TempDir
    Path folder;

    static Stream<Path> pages() throws IOException {
        try (Stream<Path> files = Files.walk(Tree.ROOT.resolve("share/man"))) {
            return files.filter(Files::isRegularFile).sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("pages")
    void mandoc_has_nothing_to_warn_of(Path page) throws IOException {
        Requirements.mandoc();
        assertThat(Programs.run(PATIENCE, List.of("mandoc", "-Tlint", "-Wwarning", page.toString())))
                .isEqualTo(new Programs.Result(0, "", ""));
    }

    @ParameterizedTest
    @MethodSource("pages")
    void groff_has_nothing_to_warn_of(Path page) throws IOException {
        Requirements.groff();
        // without bold, overstriking and underlining, which stand between the words in some versions
        Programs.Result result =
                Programs.run(PATIENCE, List.of("groff", "-ww", "-man", "-Tutf8", "-P-cbou", page.toString()));
        assertThat(result.errors()).isEmpty();
        assertThat(result.exit()).isZero();
        assertThat(result.output()).contains(program(page).toUpperCase(Locale.ROOT) + "(");
    }

    @ParameterizedTest
    @MethodSource("pages")
    void the_examples_work(Path page) throws Exception {
        String program = program(page);
        List<String> examples = EXAMPLE.matcher(Files.readString(page, StandardCharsets.US_ASCII))
                .results()
                .map(ManPagesIT::text)
                .flatMap(String::lines)
                .filter(line -> line.startsWith(program + " "))
                .toList();
        assertThat(examples).isNotEmpty();
        for (String example : examples) {
            Path place = Files.createTempDirectory(folder, "example");
            prepare(place);
            // the DNS is elsewhere, and so may be the group
            String command = example.replace("/etc/dkimproxy", place.toString())
                    .replace("127.0.0.1:10027", "127.0.0.1:0")
                    .replace("--group=dkimproxy ", "--group=" + Files.getAttribute(place, "unix:gid") + " ")
                    .replace(" --dns ", " ");
            if (program.equals("dkimproxy.out")) {
                String[] words = command.split(" ", -1);
                RunningProxy.start(Tree.ROOT, PATIENCE, Arrays.copyOfRange(words, 1, words.length))
                        .close();
            } else {
                String script = "cd '" + place + "' && " + command.replace(program + " ", Tree.program(program) + " ");
                Programs.Result result = Programs.run(PATIENCE, List.of("sh", "-c", script));
                assertThat(result.exit()).as(example + "\n" + result.errors()).isZero();
            }
        }
    }

    private static String program(Path page) {
        return page.getFileName().toString().replaceAll("\\.[18]$", "");
    }

    private static void prepare(Path place) throws Exception {
        TestKeys keys = TestKeys.generate(place);
        Files.copy(keys.rsaFile(), place.resolve("example.org.key"));
        Files.createDirectory(place.resolve("signed"));
        Files.writeString(
                place.resolve("message.eml"), "From: a@example.org\nSubject: x\n\nHi\n", StandardCharsets.UTF_8);
        List<String> samples = EXAMPLE.matcher(Files.readString(
                        Tree.ROOT.resolve("share/man/man8/dkimproxy.out.8"), StandardCharsets.US_ASCII))
                .results()
                .map(ManPagesIT::text)
                .map(text -> text.replace("/etc/dkimproxy", place.toString()))
                .toList();
        Files.writeString(place.resolve("dkimproxy_out.conf"), samples.get(0), StandardCharsets.UTF_8);
        Files.writeString(place.resolve("sender_map"), samples.get(1), StandardCharsets.UTF_8);
    }

    private static String text(MatchResult example) {
        return example.group(1).replace("\\-", "-").replace("\\e", "\\");
    }
}
