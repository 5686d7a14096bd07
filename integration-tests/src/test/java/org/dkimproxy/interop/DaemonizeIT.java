package org.dkimproxy.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.dkimproxy.testkit.RunningProxy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The built program in the background: its parent returns when it serves, or says why it does not. */
@Timeout(180)
class DaemonizeIT {
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

    @Test
    void the_parent_returns_to_the_shell_once_mail_is_taken() throws Exception {
        Path conf = site.conf(PORT, "daemonize");
        // the shell waits until nobody has the other end of its pipe any more
        String script = "said=$(\"$0\" --conf_file=\"$1\" 2>&1); echo \"$?\"; echo \"$said\"";
        Programs.Result shell = Programs.run(
                Site.PATIENCE, List.of("sh", "-c", script, Tree.program("dkimproxy.out"), conf.toString()));
        assertThat(shell.output())
                .startsWith("0\n")
                .endsWith("listening on " + site.listen(PORT) + ", relaying to 127.0.0.1:" + site.relayPort() + "\n");
        assertThat(shell.errors()).isEmpty();
        try (Daemon daemon = Daemon.of(site.pidFile())) {
            site.sendSigned(PORT, "one");
            for (String stream : List.of("0", "1", "2")) {
                assertThat(daemon.link("fd/" + stream)).isEqualTo("/dev/null");
            }
            assertThat(daemon.link("cwd")).isEqualTo("/");
            assertThat(daemon.session()).isEqualTo(daemon.pid());
            daemon.signal("TERM");
            daemon.awaitEnd();
        }
        assertThat(site.pidFile()).doesNotExist();
    }

    @Test
    void a_hup_right_after_the_parent_has_returned_reloads() throws Exception {
        assertThat(start("--daemonize").exit()).isZero();
        try (Daemon daemon = Daemon.of(site.pidFile())) {
            site.map("two", site.rsaKey());
            daemon.signal("HUP");
            Daemon.await(() -> signsWith("two"), "a signature by the new map");
            assertThat(daemon.isAlive()).isTrue();
            daemon.signal("QUIT");
            daemon.awaitEnd();
        }
        assertThat(site.pidFile()).doesNotExist();
    }

    @Test
    void relative_paths_begin_where_the_parent_was_started() throws Exception {
        site.conf(PORT, "background");
        Files.writeString(
                site.file("conf"),
                Files.readString(site.file("conf"), StandardCharsets.UTF_8)
                        .replace(folder + "/map", "map")
                        .replace(folder + "/pid", "pid"),
                StandardCharsets.UTF_8);
        site.map("one", Path.of("rsa.pem"));
        Programs.Result result = Programs.run(
                Site.PATIENCE,
                List.of(
                        "sh",
                        "-c",
                        "cd \"$1\"; exec \"$0\" --conf_file=conf",
                        Tree.program("dkimproxy.out"),
                        folder.toString()));
        assertThat(result.exit()).as(result.errors()).isZero();
        try (Daemon daemon = Daemon.of(site.pidFile())) {
            site.sendSigned(PORT, "one");
            site.map("two", Path.of("rsa.pem"));
            daemon.signal("HUP");
            Daemon.await(() -> signsWith("two"), "a signature by the new map");
        }
    }

    @Test
    void a_port_in_use_is_told_by_the_parent() throws Exception {
        try (ServerSocket taken = new ServerSocket()) {
            taken.bind(site.address(PORT));
            Programs.Result result = start("--setsid");
            assertThat(result.errors())
                    .endsWith("Error: cannot listen on " + site.listen(PORT) + ": Address already in use; another"
                            + " dkimproxy.out or mail server may hold it: see ss -ltnp sport = :" + PORT + "\n");
            assertThat(result.exit()).isEqualTo(1);
        }
        assertThat(site.pidFile()).doesNotExist();
    }

    @Test
    void a_second_one_is_refused_by_the_pid_file_of_the_first() throws Exception {
        assertThat(start("--daemonize").exit()).isZero();
        try (Daemon daemon = Daemon.of(site.pidFile())) {
            Programs.Result second = start("--daemonize");
            assertThat(second.errors())
                    .endsWith("Error: pidfile " + site.pidFile() + ": process " + daemon.pid()
                            + " is running; stop it first, or give this one another pidfile\n");
            assertThat(second.exit()).isEqualTo(1);
            daemon.signal("KILL");
            daemon.awaitEnd();
            Programs.Result third = start("--daemonize");
            assertThat(third.errors())
                    .contains("pidfile " + site.pidFile() + ": replaced, since no process " + daemon.pid() + " runs\n");
            assertThat(third.exit()).isZero();
        }
        Daemon.of(site.pidFile()).close();
    }

    @Test
    void a_wrong_configuration_is_told_by_the_parent() throws Exception {
        Path missing = site.file("missing.key");
        site.map("one", missing);
        Programs.Result result = start("--daemonize");
        assertThat(result.errors())
                .isEqualTo(site.file("map") + ":1:28: error: cannot read key file " + missing
                        + ": No such file or directory\n    example.org dkim(s=one,key=" + missing
                        + ")\n                               ^\n");
        assertThat(result.exit()).isEqualTo(1);
    }

    @Test
    void a_wrong_command_line_is_told_by_the_parent() throws Exception {
        Path conf = Files.writeString(site.file("conf"), "listen 127.0.0.1:0\ndaemonize\n", StandardCharsets.UTF_8);
        Programs.Result result =
                Programs.run(Site.PATIENCE, List.of(Tree.program("dkimproxy.out"), "--conf_file=" + conf));
        assertThat(result.errors()).isEqualTo("""
                        Error: no relay address: give LISTENADDR:PORT RELAYADDR:PORT, or relay in the conf file
                        For the options, see --help.
                        """);
        assertThat(result.exit()).isEqualTo(2);
    }

    /** The sender map is a pipe, for whose content the program in the background waits in vain. */
    @Test
    void the_program_does_not_outlive_a_parent_that_is_killed() throws Exception {
        Path conf = site.conf(PORT, "daemonize");
        Files.delete(site.file("map"));
        Programs.run(Site.PATIENCE, List.of("mkfifo", site.file("map").toString()))
                .linesOfSuccess();
        Process parent = new ProcessBuilder(Tree.program("dkimproxy.out"), "--conf_file=" + conf)
                .redirectErrorStream(true)
                .start();
        try {
            Daemon.await(() -> backgroundOf(parent).isPresent(), "the program in the background");
            ProcessHandle child = backgroundOf(parent).orElseThrow();
            parent.destroyForcibly();
            assertThat(parent.waitFor(Site.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .isTrue();
            Daemon.await(() -> !Files.exists(Path.of("/proc", Long.toString(child.pid()), "exe")), "its end");
            assertThat(site.pidFile()).doesNotExist();
        } finally {
            parent.destroyForcibly();
        }
    }

    /** The Java that a parent has started; the launch script starts others for a moment. */
    private static Optional<ProcessHandle> backgroundOf(Process parent) {
        return parent.children()
                .filter(child -> child.info().command().orElse("").endsWith("/java"))
                .findAny();
    }

    /** As a shell makes one of {@code <(command)}. */
    @Test
    void a_conf_file_that_is_a_pipe_serves_in_the_foreground_only() throws Exception {
        Path conf = site.conf(PORT);
        Path pipe = site.file("pipe");
        Programs.run(Site.PATIENCE, List.of("mkfifo", pipe.toString())).linesOfSuccess();
        List<String> command = List.of(
                "sh",
                "-c",
                "cat \"$1\" > \"$2\" & exec \"$0\" --conf_file=\"$2\" --daemonize=\"$3\"",
                Tree.program("dkimproxy.out"),
                conf.toString(),
                pipe.toString());
        List<String> inBackground = new ArrayList<>(command);
        inBackground.add("yes");
        Programs.Result refused = Programs.run(Site.PATIENCE, inBackground);
        assertThat(refused.errors())
                .isEqualTo("Error: daemonize: " + pipe
                        + " is not a regular file, so it can be read only once, and the background"
                        + " process would have to read it again; name a file, or run in the foreground\n");
        assertThat(refused.exit()).isEqualTo(1);
        List<String> inForeground = new ArrayList<>(command);
        inForeground.add("no");
        try (RunningProxy proxy = RunningProxy.start(inForeground, Site.PATIENCE)) {
            site.sendSigned(PORT, "one");
            Daemon.of(site.pidFile()).signal("HUP");
            Daemon.await(
                    () -> proxy.log()
                            .contains("error: " + pipe
                                    + " is not a regular file, so it can be read only once; changes need a restart"),
                    "an answer to HUP");
            site.sendSigned(PORT, "one");
            assertThat(proxy.stop()).isZero();
        }
    }

    private boolean signsWith(String selector) {
        try {
            site.sendSigned(PORT, selector);
            return true;
        } catch (AssertionError otherSelector) {
            return false;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private Programs.Result start(String option) throws IOException {
        return Programs.run(
                Site.PATIENCE, List.of(Tree.program("dkimproxy.out"), "--conf_file=" + site.conf(PORT), option));
    }
}
