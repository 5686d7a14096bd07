package org.dkimproxy.standalone.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.dkimproxy.signing.config.LoadedConfiguration;
import org.dkimproxy.signing.reload.FileStamps;
import org.dkimproxy.standalone.config.Loading;
import org.dkimproxy.standalone.config.ProgramSettings;
import org.dkimproxy.standalone.config.ProxyOptions;
import org.dkimproxy.standalone.config.ProxySettings;
import org.dkimproxy.standalone.log.LogLevel;
import org.dkimproxy.standalone.log.StderrLog;
import org.dkimproxy.testkit.PrivateKeys;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** As the user who runs the tests already, so that nothing is given up. */
class PrivilegeDropTest {
    private final StderrLog log = new StderrLog(System.err, LogLevel.ERROR);

    @TempDir
    Path directory;

    @Test
    void a_file_that_changes_during_the_start_is_seen_as_changed() throws Exception {
        Path map = Files.writeString(
                directory.resolve("map"),
                "example.org dkim(s=one,key=" + PrivateKeys.writeNewRsa(directory.resolve("key.pem")) + ")\n");
        LoadedConfiguration.Valid<ProgramSettings> loaded = Loading.valid(
                "--listen=127.0.0.1:0",
                "--relay=127.0.0.1:2",
                "--sender_map=" + map,
                "--user=" + System.getProperty("user.name"));
        RunAs target = loaded.settings().daemon().runAs().value().orElseThrow();
        Files.writeString(map, "# another\n" + Files.readString(map));

        ProxySettings proxy = loaded.settings().proxy();
        FileStamps watched = new PrivilegeDrop(
                        target, proxy.message().spoolDirectory(), proxy.relay().host(), log)
                .run(loaded, ProxyOptions.FILES)
                .files();

        assertThat(watched.paths()).contains(map);
        assertThat(watched).as("the stamps from before the map was read").isNotEqualTo(watched.again());
    }
}
