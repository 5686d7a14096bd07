package org.dkimproxy.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.dkimproxy.signing.reload.FileStamps;
import org.dkimproxy.standalone.config.CommandLine;
import org.dkimproxy.standalone.config.GivenOptions;
import org.dkimproxy.standalone.config.KnownOptions;
import org.dkimproxy.standalone.config.ProgramSettings;
import org.dkimproxy.standalone.config.Startup;
import org.dkimproxy.standalone.daemon.RunAs;
import org.dkimproxy.standalone.log.LogLevel;
import org.dkimproxy.standalone.log.StderrLog;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** As the user who runs the tests already, so that nothing is given up. */
class UnprivilegedTest {
    private final StderrLog log = new StderrLog(System.err, LogLevel.ERROR);

    @TempDir
    Path directory;

    @Test
    void aFileThatChangesDuringTheStartIsSeenAsChanged() throws Exception {
        Path map = Files.writeString(
                directory.resolve("map"),
                "example.org dkim(s=one,key=" + Keys.write(directory.resolve("key.pem")) + ")\n");
        Startup<ProgramSettings> startup = startup(
                "--listen=127.0.0.1:0",
                "--relay=127.0.0.1:2",
                "--sender_map=" + map,
                "--user=" + System.getProperty("user.name"));
        RunAs target = startup.settings().daemon().runAs().value().orElseThrow();
        Files.writeString(map, "# another\n" + Files.readString(map));

        FileStamps watched = Unprivileged.become(target, startup, log).files();

        assertThat(watched.paths()).contains(map);
        assertThat(watched).as("the stamps from before the map was read").isNotEqualTo(watched.again());
    }

    private Startup<ProgramSettings> startup(String... words) throws Exception {
        CommandLine commandLine = CommandLine.parse(List.of(words), KnownOptions.ofProxy());
        return Startup.read(
                        GivenOptions.read(commandLine, KnownOptions.ofProxy()),
                        values -> ProgramSettings.readForStart(values, commandLine.arguments()),
                        settings -> settings.proxy().message(),
                        log,
                        new PrintStream(System.err, true, StandardCharsets.UTF_8))
                .orElseThrow();
    }
}
