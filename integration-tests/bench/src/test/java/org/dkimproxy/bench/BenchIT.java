package org.dkimproxy.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each benchmark runs and prints its figures; whether they are good is not for a busy machine to say. */
final class BenchIT {
    private static final Pattern FIGURE = Pattern.compile("(?m)^\\S.* {2,}[0-9][0-9.,]* .*$");

    @ParameterizedTest
    @CsvSource({"engine, '', 8", "engine, --growth, 4", "proxy, '', 5", "startup, '', 2", "memory, '', 3", "map, '', 4"
    })
    void prints_its_figures(String script, String option, int figures) throws IOException, InterruptedException {
        List<String> command =
                option.isEmpty() ? List.of("./" + script, "--short") : List.of("./" + script, "--short", option);
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectInput(new File("/dev/null"))
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(2, TimeUnit.MINUTES)).as(output).isTrue();
        assertThat(process.exitValue()).as(output).isZero();
        assertThat(FIGURE.matcher(output).results()).as(output).hasSize(figures);
    }
}
