package org.dkimproxy.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.dkimproxy.testkit.Await;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The start scripts of the docs, with the built program. */
class StartScriptsIT {
    private static final Path DOCS = Path.of("../docs").toAbsolutePath().normalize();

    /** A system that shows processes by ps(1) alone, as OpenBSD. */
    private static final String NO_PROC = "/nonexistent";

    private static final Duration PATIENCE = Duration.ofSeconds(90);

    @TempDir
    Path folder;

    private Path conf;
    private Path pidFile;
    private String proc = "/proc";
    private String runAs = System.getProperty("user.name");

    @BeforeEach
    void configure() throws Exception {
        TestKeys keys = TestKeys.generate(folder);
        conf = Files.writeString(
                folder.resolve("dkimproxy_out.conf"),
                "listen 127.0.0.1:0\nrelay 127.0.0.1:10028\ndomain example.org\nselector one\nkeyfile " + keys.rsaFile()
                        + "\nlog_file " + folder.resolve("log") + "\n",
                StandardCharsets.UTF_8);
        pidFile = folder.resolve("pid");
    }

    @AfterEach
    void stopWhatIsLeft() throws IOException {
        if (Files.exists(pidFile) && Files.size(pidFile) > 0) {
            ProcessHandle.of(Long.parseLong(
                            Files.readString(pidFile, StandardCharsets.US_ASCII).strip()))
                    .ifPresent(ProcessHandle::destroyForcibly);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/proc", NO_PROC})
    void the_verbs_of_the_init_script_work(String processes) throws Exception {
        proc = processes;
        assertThat(init("status")).isEqualTo(new Programs.Result(3, "dkimproxy is not running\n", ""));
        assertThat(init("reload").exit()).isEqualTo(7);
        assertThat(init("start").exit()).isZero();
        String first = pid();
        assertThat(init("status").output()).isEqualTo("dkimproxy is running, as process " + first + "\n");
        assertThat(init("start").output()).isEqualTo("dkimproxy is running already, as process " + first + "\n");
        assertThat(init("reload").exit()).isZero();
        await(() -> logHas("configuration reloaded"));
        assertThat(init("restart").exit()).isZero();
        assertThat(pid()).isNotEqualTo(first);
        assertThat(init("stop").exit()).isZero();
        assertThat(pidFile).doesNotExist();
        assertThat(init("stop").exit()).isZero();
        assertThat(init("status").exit()).isEqualTo(3);
        assertThat(init("dance").exit()).isEqualTo(2);
    }

    @Test
    void the_init_script_tells_of_a_start_that_fails_and_of_a_process_that_died() throws Exception {
        Files.writeString(pidFile, "999999999\n", StandardCharsets.US_ASCII);
        assertThat(init("status").exit()).isEqualTo(1);
        Files.delete(pidFile);
        Files.writeString(conf, "listen 127.0.0.1:0\n", StandardCharsets.UTF_8);
        Programs.Result failed = init("start");
        assertThat(failed.exit()).isNotZero();
        assertThat(failed.errors()).isNotEmpty();
        assertThat(init("status").exit()).isEqualTo(3);
    }

    /** The program cannot remove its PID file then, which root made. */
    @Test
    void the_init_script_knows_a_stop_of_one_that_has_given_up_its_rights() throws Exception {
        Requirements.root();
        Site.give(folder, "root:root", "755");
        Site.give(conf, "daemon:daemon", "400");
        Site.give(folder.resolve("rsa.pem"), "daemon:daemon", "400");
        runAs = "daemon";
        assertThat(init("start").exit()).isZero();
        assertThat(init("status").exit()).isZero();
        assertThat(init("stop").exit()).isZero();
        assertThat(init("status")).isEqualTo(new Programs.Result(3, "dkimproxy is not running\n", ""));
        assertThat(pidFile).doesNotExist();

        // and where it was stopped by another hand
        assertThat(init("start").exit()).isZero();
        try (Daemon daemon = Daemon.of(pidFile)) {
            daemon.signal("TERM");
            daemon.awaitEnd();
        }
        assertThat(init("status"))
                .isEqualTo(new Programs.Result(1, "dkimproxy is not running, but " + pidFile + " is there\n", ""));
        assertThat(init("start").exit()).isZero();
        assertThat(init("stop").exit()).isZero();
        assertThat(pidFile).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/proc", NO_PROC})
    void the_init_script_leaves_a_process_of_others_alone_that_has_the_number_now(String processes) throws Exception {
        proc = processes;
        Process other = new ProcessBuilder("sleep", "300").start();
        try {
            Files.writeString(pidFile, other.pid() + "\n", StandardCharsets.US_ASCII);
            assertThat(init("status").exit()).isEqualTo(1);
            assertThat(init("reload").exit()).isEqualTo(7);
            assertThat(init("stop").exit()).isZero();
            assertThat(other.waitFor(300, TimeUnit.MILLISECONDS)).isFalse();
            assertThat(init("start").exit()).isZero();
            assertThat(pid()).isNotEqualTo(Long.toString(other.pid()));
            assertThat(init("stop").exit()).isZero();
            assertThat(other.isAlive()).isTrue();
        } finally {
            other.destroyForcibly();
        }
    }

    /** Somebody may have written them there who wants root to stop a process. */
    @ParameterizedTest
    @ValueSource(
            strings = {"1\n", "-1\n", "0\n", "0 OTHER\n", "OTHER OTHER\n", "OTHER\nOTHER\n", "-OTHER\n", "0OTHER\n"})
    void the_init_script_stops_nobody_whom_a_pid_file_names_otherwise(String content) throws Exception {
        Process other = new ProcessBuilder("sh", "-c", "read -r line", "org.dkimproxy.standalone.DkimproxyOut").start();
        try {
            Files.writeString(pidFile, content.replace("OTHER", Long.toString(other.pid())), StandardCharsets.US_ASCII);
            assertThat(init("status").exit()).isEqualTo(1);
            assertThat(init("reload").exit()).isEqualTo(7);
            assertThat(init("stop").exit()).isZero();
            assertThat(other.waitFor(100, TimeUnit.MILLISECONDS)).isFalse();
        } finally {
            other.destroyForcibly();
            Files.delete(pidFile);
        }
    }

    /** A word that holds the name of the main class is not that name. */
    @ParameterizedTest
    @ValueSource(strings = {"/proc", NO_PROC})
    void the_init_script_knows_other_programs_that_speak_of_this_one(String processes) throws Exception {
        proc = processes;
        Process editor =
                new ProcessBuilder("sh", "-c", "read -r line", "org.dkimproxy.standalone.DkimproxyOut.java").start();
        try {
            Files.writeString(pidFile, editor.pid() + "\n", StandardCharsets.US_ASCII);
            assertThat(init("status").exit()).isEqualTo(1);
            assertThat(init("stop").exit()).isZero();
            assertThat(editor.waitFor(100, TimeUnit.MILLISECONDS)).isFalse();
        } finally {
            editor.destroyForcibly();
            Files.delete(pidFile);
        }
    }

    /** With a stand-in for rc.subr(8) that does what its manual says of the variables and functions used here. */
    @Test
    void the_rc_script_starts_reloads_and_stops() throws Exception {
        Path subroutines = Files.writeString(folder.resolve("rc.subr"), """
                rc_cmd() {
                    case $1 in
                        start)
                            test -n "$daemon_user" && test "$rc_bg" = YES || exit 1
                            $daemon $daemon_flags 2> "$FOLDER/rc.log" &
                            echo $! > "$FOLDER/pid"
                            ;;
                        check) tr '\\0' ' ' < "/proc/$(cat "$FOLDER/pid")/cmdline" | grep -Eqx "$pexp" ;;
                        reload) rc_reload ;;
                        stop) kill -TERM "$(cat "$FOLDER/pid")" ;;
                    esac
                }
                """, StandardCharsets.UTF_8);
        String text = Files.readString(DOCS.resolve("rc.d/dkimproxy_out"), StandardCharsets.UTF_8);
        Path script = Files.writeString(
                folder.resolve("dkimproxy_out"),
                text.replace("daemon_flags=\"", "daemon_flags=\"--log_level=debug ")
                        .replace("/etc/rc.d/rc.subr", subroutines.toString())
                        .replace("/usr/local/lib/dkimproxy/bin/dkimproxy.out", Tree.program("dkimproxy.out"))
                        .replace("/etc/dkimproxy_out.conf", conf.toString()),
                StandardCharsets.UTF_8);
        assertThat(rc(script, "start").exit()).isZero();
        await(() -> logHas("listening on 127.0.0.1:"));
        assertThat(rc(script, "check").exit()).isZero();
        assertThat(rc(script, "reload").exit()).isZero();
        await(() -> logHas("configuration reloaded"));
        ProcessHandle process = ProcessHandle.of(Long.parseLong(pid())).orElseThrow();
        assertThat(rc(script, "stop").exit()).isZero();
        await(() -> !process.isAlive());
        assertThat(rc(script, "check").exit()).isNotZero();
    }

    private Programs.Result init(String verb) throws IOException {
        Map<String, String> environment = Map.of(
                "PROGRAM", Tree.program("dkimproxy.out"),
                "CONF_FILE", conf.toString(),
                "PID_FILE", pidFile.toString(),
                "RUN_AS", runAs);
        List<String> command = new ArrayList<>(List.of("/usr/bin/env", "PROC=" + proc));
        environment.forEach((name, value) -> command.add(name + "=" + value));
        command.addAll(List.of("sh", DOCS.resolve("init.d/dkimproxy").toString(), verb));
        return Programs.run(PATIENCE, command);
    }

    private Programs.Result rc(Path script, String verb) throws IOException {
        return Programs.run(PATIENCE, List.of("/usr/bin/env", "FOLDER=" + folder, "sh", script.toString(), verb));
    }

    private String pid() throws IOException {
        return Files.readString(pidFile, StandardCharsets.US_ASCII).strip();
    }

    private boolean logHas(String words) {
        try {
            Path log = folder.resolve("log");
            return Files.exists(log)
                    && Files.readString(log, StandardCharsets.UTF_8).contains(words);
        } catch (IOException unreadable) {
            throw new AssertionError(unreadable);
        }
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        Await.until(condition::getAsBoolean, PATIENCE, () -> "what was to be seen");
    }
}
