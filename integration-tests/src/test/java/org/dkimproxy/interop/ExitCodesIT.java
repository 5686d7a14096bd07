package org.dkimproxy.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.dkimproxy.testkit.RunningProxy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How the built program ends in the foreground: by signals, and when it cannot start. */
@Timeout(180)
class ExitCodesIT {
    private static final int PORT = 10_027;

    @TempDir
    Path folder;

    private Site site;

    @BeforeEach
    void setUp() throws Exception {
        site = new Site(folder);
    }

    @AfterEach
    void tearDown() throws IOException {
        site.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"TERM", "INT", "QUIT"})
    void a_signal_ends_it_with_0(String signal) throws Exception {
        // a shell that starts these tests in the background has them ignore INT
        List<String> command =
                List.of("env", "--default-signal=INT", Tree.program("dkimproxy.out"), "--conf_file=" + site.conf(PORT));
        try (RunningProxy proxy = RunningProxy.start(command, Site.PATIENCE)) {
            site.sendSigned(PORT, "one");
            Daemon.of(site.pidFile()).signal(signal);
            assertThat(proxy.process().waitFor(Site.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .isTrue();
            assertThat(proxy.process().exitValue()).isZero();
        }
        assertThat(site.pidFile()).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource({"dkimproxy-signfile", "dkimproxy-check", "dkimproxy-keygen"})
    void help_ends_a_tool_with_0(String tool) throws IOException {
        Programs.Result result = Programs.run(Site.PATIENCE, List.of(Tree.program(tool), "--help"));
        assertThat(result.output()).startsWith("Usage: " + tool + " ");
        assertThat(result.exit()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"dkimproxy.out", "dkimproxy-signfile", "dkimproxy-check", "dkimproxy-keygen"})
    void a_wrong_command_line_ends_it_with_2(String program) throws IOException {
        Programs.Result result = Programs.run(Site.PATIENCE, List.of(Tree.program(program), "--nonsense"));
        assertThat(result)
                .isEqualTo(new Programs.Result(
                        2, "", "Error: unknown option \"--nonsense\"\nFor the options, see --help.\n"));
    }

    /** Of configuration errors that show after the addresses were bound: here a spool directory that is a file. */
    @ParameterizedTest
    @CsvSource({"--ex_config, 78", "--no-option, 1"})
    void a_configuration_error_ends_it_with_78_where_that_is_asked_for(String option, int exit) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Tree.program("dkimproxy.out"), "--conf_file=" + site.conf(PORT), "--spool_dir=" + site.conf(PORT)));
        if (exit == 78) {
            command.add(option);
        }
        assertThat(Programs.run(Site.PATIENCE, command).exit()).isEqualTo(exit);
        command.add("--daemonize");
        assertThat(Programs.run(Site.PATIENCE, command).exit()).isEqualTo(exit);
    }

    @ParameterizedTest
    @CsvSource({"--help", "-?"})
    void help_ends_it_with_1(String option) throws IOException {
        Programs.Result result = Programs.run(Site.PATIENCE, List.of(Tree.program("dkimproxy.out"), option));
        assertThat(result.output()).startsWith("Usage: dkimproxy.out ").contains("--daemonize ", "--chroot=DIR ");
        assertThat(result.errors()).isEmpty();
        assertThat(result.exit()).isEqualTo(1);
    }

    @Test
    void a_port_in_use_ends_it_with_1_and_leaves_no_pid_file() throws Exception {
        try (ServerSocket taken = new ServerSocket()) {
            taken.bind(site.address(PORT));
            assertStops("Error: cannot listen on " + site.listen(PORT)
                    + ": Address already in use; another dkimproxy.out or"
                    + " mail server may hold it: see ss -ltnp sport = :" + PORT + "\n");
        }
        assertThat(site.pidFile()).doesNotExist();
    }

    @Test
    void a_live_process_in_the_pid_file_ends_it_with_1() throws Exception {
        Process other = new ProcessBuilder(
                        "sh", "-c", "echo started; read -r line", "org.dkimproxy.standalone.DkimproxyOut")
                .start();
        try {
            other.inputReader(StandardCharsets.US_ASCII).readLine();
            String live = other.pid() + "\n";
            Files.writeString(site.pidFile(), live, StandardCharsets.US_ASCII);
            assertStops("Error: pidfile " + site.pidFile() + ": process " + live.strip()
                    + " is running; stop it first, or give this one another pidfile\n");
            assertThat(site.pidFile()).hasContent(live);
        } finally {
            other.destroyForcibly();
        }
    }

    @Test
    void a_pid_file_that_cannot_be_written_ends_it_with_1() throws Exception {
        Path pidFile = site.file("no/such/pid");
        assertStops(
                "Error: cannot write pidfile " + pidFile + ": No such file or directory\n", "--pid_file=" + pidFile);
    }

    private void assertStops(String error, String... options) throws IOException {
        List<String> command =
                new ArrayList<>(List.of(Tree.program("dkimproxy.out"), "--conf_file=" + site.conf(PORT)));
        command.addAll(List.of(options));
        Programs.Result result = Programs.run(Site.PATIENCE, command);
        assertThat(result.errors()).endsWith(error).doesNotContain("\tat ", "Exception");
        assertThat(result.exit()).isEqualTo(1);
    }
}
