package org.dkimproxy.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The two commands of the README in a minimal Debian 13, by the script {@code fresh-root}. Takes about an hour. */
@Tag("long")
class FreshRootIT {
    private static final Duration TIMEOUT = Duration.ofHours(3);

    @Test
    void the_demonstration_and_all_tests_pass_in_a_minimal_debian() throws IOException {
        Requirements.debootstrap();
        Path log = Path.of("target/fresh-root.log").toAbsolutePath();
        Programs.Result result =
                Programs.run(TIMEOUT, List.of("sh", "-c", "exec ./fresh-root > \"$1\" 2>&1", "sh", log.toString()));
        assertThat(result.exit())
                .as("see " + log + ", which ends with " + end(log))
                .isZero();
    }

    private static List<String> end(Path log) throws IOException {
        List<String> lines = Files.readAllLines(log);
        return lines.subList(Math.max(0, lines.size() - 20), lines.size());
    }
}
