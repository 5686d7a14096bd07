package org.dkimproxy.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.dkimproxy.signing.config.ActiveConfiguration;
import org.dkimproxy.signing.config.LoadedConfiguration;
import org.dkimproxy.signing.reload.FileStamps;
import org.dkimproxy.signing.reload.ReloadReview;
import org.dkimproxy.standalone.cli.CommandLine;
import org.dkimproxy.standalone.config.Loading;
import org.dkimproxy.standalone.config.ProgramSettings;
import org.dkimproxy.standalone.log.AdjustableLog;
import org.dkimproxy.standalone.log.LogLevel;
import org.dkimproxy.standalone.log.LogSettings;
import org.dkimproxy.standalone.metrics.Metrics;
import org.dkimproxy.testkit.PrivateKeys;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReloadingConfigurationTest {
    @TempDir
    Path directory;

    @Test
    void a_conf_file_that_is_mended_while_its_fault_is_told_is_seen_as_changed() throws Exception {
        Path conf = directory.resolve("conf");
        String good = "listen 127.0.0.1:0\nrelay 127.0.0.1:2\ndomain example.org\nselector s\nkeyfile "
                + PrivateKeys.writeNewRsa(directory.resolve("key.pem")) + "\n";
        Files.writeString(conf, good);
        CommandLine commandLine = Loading.commandLine("--conf_file=" + conf);
        MendingLog log = new MendingLog(conf, good);
        LoadedConfiguration.Valid<ProgramSettings> loaded = Loading.valid("--conf_file=" + conf);
        ActiveConfiguration<ProgramSettings> configuration =
                new ActiveConfiguration<>(loaded, new ReloadingConfiguration(commandLine, loaded, Metrics.NONE, log));
        Files.writeString(conf, "listen 127.0.0.1:0\n");

        FileStamps watched = configuration.reload(ReloadReview.NONE).files();

        assertThat(configuration.lastReload().toString())
                .matches(
                        "Reload failed at \\S+Z; the previous configuration stays active: error: no relay address: .*");
        configuration.reload(ReloadReview.NONE);
        assertThat(configuration.lastReload().toString()).matches("Configuration reloaded at \\S+Z");
        assertThat(watched.paths()).contains(conf);
        assertThat(watched).as("the stamps from before the conf file was read").isNotEqualTo(watched.again());
    }

    /** Has the administrator mend the conf file as soon as an error is told. */
    private record MendingLog(Path conf, String mended) implements AdjustableLog {
        @Override
        public void log(LogLevel level, String message) {
            if (level == LogLevel.ERROR) {
                try {
                    Files.writeString(conf, mended);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }

        @Override
        public boolean isWanted(LogLevel level) {
            return true;
        }

        @Override
        public void adjust(LogSettings settings) {}

        @Override
        public void flush() {}
    }
}
