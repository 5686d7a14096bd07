package org.dkimproxy.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.dkimproxy.testkit.RunningProxy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The built program tells the service manager that started it how it is, as sd_notify(3) says. */
@Timeout(180)
class ServiceManagerIT {
    private static final int PORT = 10_027;
    private static final Pattern RELOADING = Pattern.compile("b'RELOADING=1\\\\nMONOTONIC_USEC=([0-9]+)' ([0-9]+)");

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"path", "@abstract"})
    void readiness_reloads_and_the_end_are_told(String kind) throws Exception {
        String name = kind.equals("path")
                ? folder.resolve("notify").toString()
                : "@dkimproxy-test-" + ProcessHandle.current().pid();
        Process manager = new ProcessBuilder("/usr/bin/python3", Programs.script("notify-socket.py"), name)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (Site site = new Site(folder);
                BufferedReader told = manager.inputReader(StandardCharsets.UTF_8)) {
            assertThat(told.readLine()).isEqualTo("bound");
            try (RunningProxy proxy = start(site, name)) {
                assertThat(told.readLine())
                        .startsWith("b'READY=1\\nSTATUS=Listening on " + site.listen(PORT) + ", relaying to 127.");
                Daemon.of(site.pidFile()).signal("HUP");
                Matcher reloading = RELOADING.matcher(told.readLine());
                assertThat(reloading.matches()).as(reloading.toString()).isTrue();
                assertThat(Long.parseLong(reloading.group(2)) - Long.parseLong(reloading.group(1)))
                        .as("microseconds from the message to its arrival, by one clock")
                        .isBetween(0L, Site.PATIENCE.toNanos() / 1000);
                assertThat(told.readLine()).startsWith("b'READY=1\\nSTATUS=Configuration reloaded at ");
                assertThat(proxy.stop()).isZero();
                assertThat(told.readLine()).startsWith("b'STOPPING=1' ");
            }
        } finally {
            manager.destroyForcibly();
        }
    }

    @Test
    void a_manager_that_is_not_there_is_no_reason_to_stop() throws Exception {
        try (Site site = new Site(folder);
                RunningProxy proxy = start(site, folder.resolve("nobody").toString())) {
            assertThat(proxy.log())
                    .contains("NOTIFY_SOCKET " + folder.resolve("nobody")
                            + ": the service manager is not notified: connect: No such file or directory");
            site.sendSigned(PORT, "one");
            assertThat(proxy.stop()).isZero();
        }
    }

    private static RunningProxy start(Site site, String socket) throws IOException, InterruptedException {
        return RunningProxy.start(
                Tree.ROOT, Site.PATIENCE, Map.of("NOTIFY_SOCKET", socket), "--conf_file=" + site.conf(PORT));
    }
}
