package org.dkimproxy.standalone.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** With shell scripts in the place of the program in the background. */
@Timeout(60)
class BackgroundTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    private final ByteArrayOutputStream said = new ByteArrayOutputStream();

    @ParameterizedTest
    @CsvSource(
            value = {
                "echo ready; exec sleep 20   | 0 | ''",
                "echo a warning; echo ready; exec sleep 20 | 0 | ''",
                "echo not ready; echo; echo ready; exec sleep 20 | 0 | ''",
                "exec 2> /dev/null; trap '' PIPE; head -c 2000000 /dev/zero; echo; echo ready; exit 0 | 1 | ''",
                "printf ready; exit 0        | 1 | ''",
                "exit 1                      | 1 | ''",
                "exit 2                      | 2 | ''",
                "exit 0                      | 1 | ''",
                "echo what; exit 0           | 1 | ''",
                "echo ready!; exit 3         | 1 | ''",
                "kill -KILL $$               | 1 | 'Error: daemonize: the program in the background was ended by signal 9\n'",
            },
            delimiter = '|')
    void exit_code_tells_what_became_of_it(String script, int code, String error) throws IOException {
        assertThat(start(script, LONG)).isEqualTo(code);
        assertThat(said.toString(StandardCharsets.UTF_8)).isEqualTo(error);
    }

    @Test
    void one_that_hangs_is_ended(@TempDir Path directory) throws Exception {
        Path pid = directory.resolve("pid");
        assertThat(start("echo $$ > " + pid + "; printf rea; exec sleep 300", Duration.ofSeconds(3)))
                .isEqualTo(1);
        assertThat(said.toString(StandardCharsets.UTF_8))
                .isEqualTo("Error: daemonize: the program in the background does not serve after 3 seconds; it was"
                        + " ended\n");
        ProcessHandle.of(Long.parseLong(Files.readString(pid).strip()))
                .ifPresent(left -> left.onExit().join());
    }

    @Test
    void standard_input_stays_open_until_the_parent_ends() throws IOException {
        assertThat(start("read line && exit 5; echo ready", Duration.ofSeconds(2)))
                .isEqualTo(1);
        assertThat(said.toString(StandardCharsets.UTF_8)).contains("does not serve after 2 seconds");
    }

    @Test
    void command_line_is_taken_apart_at_zero_octets() {
        assertThat(Background.arguments("java\0-cp\0\0Main\0a b\0".getBytes(StandardCharsets.US_ASCII)))
                .containsExactly("-cp", "", "Main", "a b");
        assertThat(Background.arguments("java\0".getBytes(StandardCharsets.US_ASCII)))
                .isEmpty();
    }

    private int start(String script, Duration limit) throws IOException {
        return Background.start(
                List.of("/bin/sh", "-c", script), limit, new PrintStream(said, true, StandardCharsets.UTF_8));
    }
}
