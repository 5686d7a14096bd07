package org.dkimproxy.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.dkimproxy.testkit.RunningProxy;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The commands of the migration guide work on a conf file of dkimproxy 1.4.1, and what it names is there. */
class MigrationGuideIT {
    private static final Path GUIDE = Path.of("../docs/migrating-from-dkimproxy.md");
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    static Stream<String> commands() throws IOException {
        return Pattern.compile("(?s)```sh\n(.*?)```")
                .matcher(Files.readString(GUIDE, StandardCharsets.UTF_8))
                .results()
                .flatMap(block -> block.group(1).lines());
    }

    @BeforeEach
    void configure() throws Exception {
        TestKeys keys = TestKeys.generate(folder);
        Files.writeString(
                folder.resolve("dkimproxy_out.conf"),
                """
                # specify what address/port DKIMproxy should listen on
                listen    127.0.0.1:10027
                relay     127.0.0.1:10028
                domain    example.org
                signature dkim(c=relaxed)
                signature domainkeys(c=nofws)
                keyfile   KEY
                selector  selector1
                """.replace("KEY", keys.rsaFile().toString()),
                StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @MethodSource("commands")
    void a_command_works(String command) throws Exception {
        String[] words = Readme.moved(command, folder)
                .replace("127.0.0.1:10037", "127.0.0.1:0")
                .split(" ");
        String program = words[0];
        if (program.equals("dkimproxy.out")) {
            RunningProxy.start(Tree.ROOT, PATIENCE, Arrays.copyOfRange(words, 1, words.length))
                    .close();
        } else {
            words[0] = Tree.program(program);
            Programs.Result result = Programs.run(PATIENCE, List.of(words));
            assertThat(result.exit()).as(result.output() + result.errors()).isLessThan(2);
            assertThat(result.output()).doesNotContain("error: ");
        }
    }

    @Test
    void the_files_that_it_names_are_there() throws IOException {
        String text = Files.readString(GUIDE, StandardCharsets.UTF_8);
        assertThat(Pattern.compile("`(docs/[^`]*)`").matcher(text).results().map(found -> found.group(1)))
                .isNotEmpty()
                .allMatch(name -> Files.isRegularFile(Path.of("..", name)));
        assertThat(text).contains(Tree.archive(".deb").getFileName().toString().replaceAll("_[^_]*$", "_"));
        assertThat(Tree.ROOT.resolve("runtime")).isDirectory();
        assertThat(Tree.ROOT.resolve("lib/dkimproxy.aot")).isRegularFile();
    }
}
