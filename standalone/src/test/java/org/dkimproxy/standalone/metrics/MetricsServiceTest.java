package org.dkimproxy.standalone.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.dkimproxy.standalone.DkimproxyOut;
import org.dkimproxy.standalone.config.MetricsSettings;
import org.dkimproxy.standalone.log.DkimproxyLog;
import org.dkimproxy.standalone.log.LogLevel;
import org.dkimproxy.standalone.net.HostPort;
import org.dkimproxy.testkit.PrivateKeys;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(120)
class MetricsServiceTest {
    @TempDir
    Path directory;

    private static final class Log implements DkimproxyLog {
        private final List<String> lines = new ArrayList<>();

        @Override
        public void log(LogLevel level, String message) {
            lines.add(level.word() + " " + message);
        }

        @Override
        public boolean isWanted(LogLevel level) {
            return true;
        }
    }

    @ParameterizedTest
    @CsvSource({"127.0.0.1, false", "0.0.0.0, true"})
    void an_address_that_others_reach_is_worth_a_notice(String host, boolean noticed) throws IOException {
        Log log = new Log();
        try (MetricsService service = MetricsService.open(new MetricsSettings(Optional.of(new HostPort(host, 0))))) {
            service.start(() -> true, log);
            HostPort bound = service.address().orElseThrow();

            assertThat(log.lines).first().isEqualTo("info metrics on http://" + bound + "/metrics");
            assertThat(log.lines.stream().skip(1))
                    .isEqualTo(
                            noticed
                                    ? List.of("notice metrics are served without a password to all who can reach "
                                            + bound)
                                    : List.of());
        }
    }

    @Test
    void without_an_address_nothing_is_counted_or_said() throws IOException {
        Log log = new Log();
        try (MetricsService service = MetricsService.open(new MetricsSettings(Optional.empty()))) {
            service.start(() -> true, log);

            assertThat(service.metrics()).isSameAs(Metrics.NONE);
            assertThat(service.address()).isEmpty();
            assertThat(log.lines).isEmpty();
        }
    }

    /** What is not asked for costs neither time at the start nor memory. */
    @ParameterizedTest
    @CsvSource({"'', false", "--metrics_listen=127.0.0.1:0, true"})
    void the_library_is_loaded_only_where_it_is_asked_for(String option, boolean loaded) throws Exception {
        Path classes = directory.resolve("classes.log");
        Path key = PrivateKeys.writeNewRsa(directory.resolve("key.pem"));
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xlog:class+load:file=" + classes,
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                DkimproxyOut.class.getName(),
                "--domain=example.org",
                "--selector=s",
                "--keyfile=" + key,
                "127.0.0.1:0",
                "127.0.0.1:25"));
        Stream.of(option).filter(given -> !given.isEmpty()).forEach(command::add);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
            String last = loaded ? "metrics on " : "listening on ";
            for (String line = output.readLine(); !line.startsWith(last); line = output.readLine()) {
                assertThat(line).doesNotStartWith("Error: ");
            }
            process.toHandle().destroy();
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }

        String text = Files.readString(classes, StandardCharsets.UTF_8);
        assertThat(text).contains(" org.dkimproxy.standalone.metrics.MetricsService ");
        assertThat(text.contains(" io.prometheus.")).isEqualTo(loaded);
        assertThat(text.contains(" org.dkimproxy.standalone.metrics.HttpEndpoint "))
                .isEqualTo(loaded);
    }
}
