package org.dkimproxy.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.dkimproxy.testkit.RunningProxy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The built program started by root: it gives up its rights for good, and can do its work without them. */
@Timeout(180)
class PrivilegesIT {
    private static final int LOW_PORT = 25;
    private static final int PORT = 10_027;
    private static final String NOBODY = "65534";
    private static final String NO_CAPABILITIES = "0000000000000000";
    private static final String RELOADED = "configuration reloaded";

    @TempDir
    Path folder;

    private Site site;

    @BeforeAll
    static void needRoot() throws IOException {
        Requirements.root();
    }

    @BeforeEach
    void setUp() throws Exception {
        site = new Site(folder);
        Site.give(site.rsaKey(), "root:nogroup", "640");
    }

    @AfterEach
    void tearDown() throws IOException {
        site.close();
    }

    @Test
    void it_listens_on_a_low_port_and_serves_as_nobody() throws Exception {
        try (RunningProxy proxy = start(site.conf(LOW_PORT, "user nobody"))) {
            Daemon process = Daemon.of(site.pidFile());
            site.sendSigned(LOW_PORT, "one");
            assertOwnedBy(process, NOBODY, NOBODY, NOBODY);
            assertThat(proxy.log()).noneMatch(line -> line.contains("rights of root"));

            site.map("two", site.rsaKey());
            process.signal("HUP");
            await(proxy, RELOADED);
            site.sendSigned(LOW_PORT, "two");
            assertThat(proxy.stop()).isZero();
        }
    }

    /** A tool of Java announces itself by QUIT, which drains, and a virtual machine that answers makes a socket in /tmp. */
    @Test
    void jcmd_neither_stops_it_nor_has_root_make_a_file_in_tmp() throws Exception {
        try (RunningProxy proxy = start(site.conf(PORT, "user nobody"))) {
            long pid = proxy.process().pid();
            Programs.Result result = Programs.run(
                    Site.PATIENCE,
                    List.of(
                            Path.of(System.getProperty("java.home"), "bin", "jcmd")
                                    .toString(),
                            "-J-Dsun.tools.attach.attachTimeout=2000",
                            Long.toString(pid),
                            "VM.version"));
            assertThat(result.exit()).isNotZero();
            await(
                    proxy,
                    "signal QUIT came from a tool of Java, such as jcmd, that cannot reach this process; it changes"
                            + " nothing");
            assertThat(Path.of("/tmp/.java_pid" + pid)).doesNotExist();
            // the last QUIT comes when jcmd gives up, and is answered within a fifth of a second
            Thread.sleep(1000);
            site.sendSigned(PORT, "one");
            assertThat(proxy.stop()).isZero();
            assertThat(proxy.log()).noneMatch(line -> line.startsWith("no more clients are accepted"));
        }
    }

    /** What it was started with is inherited by all its threads; and what a crash leaves is for nobody else. */
    @Test
    void it_can_gain_no_privileges_and_a_crash_leaves_no_file() throws Exception {
        Path directory = Files.createDirectory(site.file("cwd"));
        Site.give(directory, "nobody:nogroup", "777");
        Path log = site.file("log");
        Path conf = site.conf(PORT, "user nobody", "log_file " + log);
        List<String> command = List.of(
                "sh",
                "-c",
                "umask 022; ulimit -c unlimited; cd \"$1\" && exec \"$2\" --conf_file=\"$3\"",
                "sh",
                directory.toString(),
                Tree.program("dkimproxy.out"),
                conf.toString());
        try (RunningProxy proxy = RunningProxy.start(command, Site.PATIENCE)) {
            Daemon process = Daemon.of(site.pidFile());
            assertThat(process.statusOfThreads("NoNewPrivs")).containsOnlyKeys("1");
            assertThat(process.status("Umask")).isEqualTo("0077");
            assertThat(Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "limits")))
                    .anyMatch(line -> line.matches("Max core file size +0 +0 +bytes *"));
            assertThat(permissions(site.pidFile())).isEqualTo("rw-r--r--");
            assertThat(permissions(log)).isEqualTo("rw-r-----");

            process.signal("SEGV");
            process.awaitEnd();
            assertThat(proxy.log()).anyMatch(line -> line.contains("fatal error has been detected"));
            assertThat(directory).isEmptyDirectory();
            for (String elsewhere : List.of("/tmp", "/")) {
                assertThat(Path.of(elsewhere, "hs_err_pid" + process.pid() + ".log"))
                        .doesNotExist();
            }
        }
    }

    private static String permissions(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    @Test
    void the_groups_are_those_that_are_named_and_no_others() throws Exception {
        try (RunningProxy proxy = start(site.conf(LOW_PORT, "user " + NOBODY, "group nogroup, mail 1"))) {
            Daemon process = Daemon.of(site.pidFile());
            assertOwnedBy(process, NOBODY, NOBODY, "1 8 " + NOBODY);
            site.sendSigned(LOW_PORT, "one");
            assertThat(proxy.stop()).isZero();
        }
    }

    @Test
    void what_was_given_up_cannot_be_had_back() throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                RightsProbe.class.getName()));
        assertThat(Programs.run(Site.PATIENCE, command).linesOfSuccess())
                .containsExactly("setuid -1", "setgid -1", "seteuid -1", "setuid in another thread -1");
    }

    @Test
    void root_that_stays_root_is_told_so() throws Exception {
        try (RunningProxy proxy = start(site.conf(PORT, "group nogroup"))) {
            assertThat(proxy.log())
                    .contains("running as root; set user to drop privileges after the sockets are bound");
            assertThat(Daemon.of(site.pidFile()).statusOfThreads("Uid")).containsOnlyKeys("0 0 0 0");
            assertThat(Daemon.of(site.pidFile()).statusOfThreads("Gid"))
                    .containsOnlyKeys(String.join(" ", NOBODY, NOBODY, NOBODY, NOBODY));
            assertThat(proxy.stop()).isZero();
        }
        assertThat(site.pidFile()).doesNotExist();
    }

    @Test
    void a_pid_file_that_may_not_be_removed_any_more_is_left_to_the_next_start() throws Exception {
        try (RunningProxy proxy = start(site.conf(PORT, "user nobody"))) {
            assertThat(proxy.stop()).isZero();
            assertThat(proxy.log())
                    .endsWith("cannot remove pidfile " + site.pidFile() + ": Permission denied", "stopped");
        }
        String left = Files.readString(site.pidFile()).strip();
        try (RunningProxy again = start(site.conf(PORT, "user nobody"))) {
            assertThat(again.log())
                    .contains("pidfile " + site.pidFile() + ": replaced, since no process " + left + " runs");
            assertThat(site.pidFile()).hasContent(again.process().pid() + "\n");
        }
    }

    @Test
    void a_pid_file_in_a_folder_of_the_user_is_removed() throws Exception {
        Path run = Files.createDirectory(site.file("run"));
        Site.give(run, "nobody:nogroup", "755");
        Path pidFile = run.resolve("pid");
        try (RunningProxy proxy = start(site.conf(PORT, "user nobody", "pidfile " + pidFile))) {
            assertThat(pidFile).hasContent(proxy.process().pid() + "\n");
            assertThat(proxy.stop()).isZero();
        }
        assertThat(pidFile).doesNotExist();
    }

    /** Where the reason is "Operation not permitted" rather than "Permission denied". */
    @Test
    void a_pid_file_in_a_sticky_folder_is_left_to_the_next_start() throws Exception {
        Path run = Files.createDirectory(site.file("run"));
        Site.give(run, "root:root", "1777");
        Path pidFile = run.resolve("pid");
        try (RunningProxy proxy = start(site.conf(PORT, "user nobody", "pidfile " + pidFile))) {
            assertThat(pidFile).hasContent(proxy.process().pid() + "\n");
            assertThat(proxy.stop()).isZero();
            assertThat(proxy.log())
                    .endsWith("cannot remove pidfile " + pidFile + ": Operation not permitted", "stopped");
        }
        try (RunningProxy again = start(site.conf(PORT, "user nobody", "pidfile " + pidFile))) {
            assertThat(pidFile).hasContent(again.process().pid() + "\n");
        }
    }

    @Test
    void a_program_in_a_closed_folder_goes_on_as_nobody() throws Exception {
        Path closed = Files.createDirectory(site.file("closed"));
        Programs.run(Site.PATIENCE, List.of("cp", "-r", Tree.ROOT.toString(), closed + "/tree"))
                .linesOfSuccess();
        Site.give(closed, "root:root", "700");
        try (RunningProxy proxy = RunningProxy.start(
                closed.resolve("tree"), Site.PATIENCE, "--conf_file=" + site.conf(PORT, "user nobody"))) {
            site.sendSigned(PORT, "one");
            site.map("ed", ed25519Key("nobody:nogroup"));
            Daemon.of(site.pidFile()).signal("HUP");
            await(proxy, RELOADED);
            site.sendSigned(PORT, "ed");
            assertThat(proxy.stop()).isZero();
        }
    }

    @Test
    void a_reload_reads_as_nobody() throws Exception {
        try (RunningProxy proxy = start(site.conf(PORT, "user nobody"))) {
            site.map("two", site.rsaKey());
            Site.give(site.file("map"), "root:root", "600");
            Daemon.of(site.pidFile()).signal("HUP");
            await(proxy, "configuration reload failed; the previous configuration stays active");
            assertThat(proxy.log())
                    .anyMatch(line ->
                            line.endsWith("error: cannot read map " + site.file("map") + ": Permission denied"));
            site.sendSigned(PORT, "one");
            Site.give(site.file("map"), "root:nogroup", "640");
            await(proxy, RELOADED);
            site.sendSigned(PORT, "two");
            assertThat(proxy.stop()).isZero();
        }
    }

    @Test
    void a_key_that_the_user_cannot_read_stops_the_start() throws Exception {
        Site.give(site.rsaKey(), "root:root", "600");
        assertStops(
                site.conf(PORT, "user nobody"),
                "Error: user nobody (uid 65534) cannot read file " + site.rsaKey() + ": Permission denied; it is"
                        + " rw------- of root:root: let that user read it, by chown, chgrp or chmod\n");
    }

    /** A reload has to list it. */
    @Test
    void a_directory_of_included_files_that_the_user_cannot_list_stops_the_start() throws Exception {
        Path directory = Files.createDirectory(site.file("conf.d"));
        Path conf = site.conf(PORT, "user nobody", "include " + directory + "/*.conf");
        Site.give(directory, "root:root", "711");
        assertStops(
                conf,
                "Error: user nobody (uid 65534) cannot read directory " + directory + ": Permission denied; it is"
                        + " rwx--x--x of root:root: let that user read it, by chown, chgrp or chmod\n");
        Site.give(directory, "root:nogroup", "750");
        try (RunningProxy proxy = start(conf)) {
            Files.writeString(directory.resolve("map.conf"), "strict no\n");
            await(proxy, RELOADED);
            site.sendSigned(PORT, "one");
            assertThat(proxy.stop()).isZero();
        }
    }

    @Test
    void the_check_tells_what_would_stop_the_start() throws Exception {
        Path conf = site.conf(PORT, "user nobody", "log_level warning");
        Programs.Result good = check(conf);
        assertThat(good.output()).endsWith("no problems\n");
        assertThat(good.exit()).isZero();

        Site.give(site.file("map"), "root:root", "400");
        Site.give(site.rsaKey(), "root:root", "600");
        Programs.Result bad = check(conf);
        assertThat(bad.output())
                .contains("error: user nobody (uid 65534) cannot read file " + site.rsaKey()
                        + ": Permission denied;"
                        + " it is rw------- of root:root: let that user read it, by chown, chgrp or chmod\n")
                .contains(
                        "error: user nobody (uid 65534) cannot read file " + site.file("map")
                                + ": Permission denied; it is r-------- of root:root: let that user read it, by chown, chgrp or chmod\n")
                .endsWith("2 errors, 0 warnings\n");
        assertThat(bad.errors()).isEmpty();
        assertThat(bad.exit()).isEqualTo(2);
    }

    @Test
    void the_check_tells_of_a_spool_directory_that_the_user_cannot_write_to() throws Exception {
        Path spool = Files.createDirectory(site.file("spool"));
        Site.give(spool, "root:root", "755");
        Programs.Result bad = check(site.conf(PORT, "user nobody", "spool_dir " + spool));
        assertThat(bad.output())
                .contains("error: spool_dir " + spool + " is no directory that user nobody (uid 65534) can write to, so"
                        + " large messages could not be taken; make it, or name another one\n");
        assertThat(bad.exit()).isEqualTo(2);
    }

    @Test
    void the_check_says_what_it_could_not_check() throws Exception {
        Path tree = site.file("tree");
        Programs.run(Site.PATIENCE, List.of("cp", "-r", Tree.ROOT.toString(), tree.toString()))
                .linesOfSuccess();
        Programs.Result result = Programs.run(
                Site.PATIENCE,
                List.of(
                        "setpriv",
                        "--reuid=nobody",
                        "--regid=nogroup",
                        "--clear-groups",
                        tree.resolve("bin/dkimproxy-check").toString(),
                        site.conf(PORT, "user mail").toString()));
        assertThat(result.output())
                .contains(
                        "not checked whether user mail (uid 8) can read the files and write to the spool directory: this"
                                + " takes root\n")
                .endsWith("no problems\n");
        assertThat(result.exit()).isZero();
    }

    @Test
    void a_map_and_a_conf_file_that_the_user_cannot_read_stop_the_start() throws Exception {
        Path conf = site.conf(PORT, "user nobody");
        Site.give(conf, "root:mail", "640");
        Site.give(site.file("map"), "root:root", "400");
        Programs.Result result = run(conf);
        assertThat(result.errors())
                .contains("Error: user nobody (uid 65534) cannot read file " + conf + ": Permission denied; it is"
                        + " rw-r----- of root:mail: let that user read it, by chown, chgrp or chmod\n")
                .contains(
                        "Error: user nobody (uid 65534) cannot read file " + site.file("map")
                                + ": Permission denied; it is r-------- of root:root: let that user read it, by chown, chgrp or chmod\n");
        assertThat(result.exit()).isEqualTo(1);
    }

    @Test
    void a_folder_that_the_user_cannot_search_stops_the_start() throws Exception {
        Path closed = Files.createDirectories(site.file("keys/of/2026")).resolve("rsa.pem");
        Files.copy(site.rsaKey(), closed);
        Site.give(closed, "nobody:nogroup", "400");
        Site.give(site.file("keys/of"), "root:root", "700");
        site.map("one", closed);
        assertStops(
                site.conf(PORT, "user nobody"),
                "Error: user nobody (uid 65534) cannot read file " + closed + ": Permission denied; directory "
                        + site.file("keys/of")
                        + " is rwx------ of root:root: let that user search it, by chown, chgrp or"
                        + " chmod\n");
    }

    @Test
    void a_user_that_does_not_exist_stops_the_start() throws Exception {
        Path conf = site.conf(PORT, "user no-such-user");
        assertStops(
                conf,
                conf + ":5:6: error: found user \"no-such-user\", expected a user of this system\n"
                        + "    user no-such-user\n         ^\n");
    }

    @Test
    void a_number_without_an_account_needs_a_group() throws Exception {
        Path conf = site.conf(PORT, "user 54321");
        assertStops(
                conf,
                conf
                        + ":5:6: error: found number 54321 without an account, and no group, expected the option group too\n"
                        + "    user 54321\n         ^\n");
        try (RunningProxy proxy = start(site.conf(PORT, "user 54321", "group nogroup"))) {
            assertOwnedBy(Daemon.of(site.pidFile()), "54321", NOBODY, NOBODY);
            site.sendSigned(PORT, "one");
            assertThat(proxy.stop()).isZero();
        }
    }

    @Test
    void only_root_can_become_another() throws Exception {
        Path tree = site.file("tree");
        Programs.run(Site.PATIENCE, List.of("cp", "-r", Tree.ROOT.toString(), tree.toString()))
                .linesOfSuccess();
        Path run = Files.createDirectory(site.file("run"));
        Site.give(run, "nobody:nogroup", "755");
        String pidFile = "pidfile " + run.resolve("pid");
        assertStopsAsNobody(
                tree,
                site.conf(PORT, pidFile, "user mail"),
                "Error: user mail (uid 8): only root can become another user, and this program was started by uid 65534;"
                        + " start it as root, or take user out\n");
        assertStopsAsNobody(
                tree,
                site.conf(PORT, pidFile, "user nobody", "group mail"),
                "Error: group: only root can join another group, and this program was started with gid 65534, not 8;"
                        + " start it as root, or take group out\n");
        assertStopsAsNobody(
                tree,
                site.conf(PORT, pidFile, "chroot /"),
                "Error: chroot /: only root can change the root directory, and this program was started by uid 65534;"
                        + " start it as root, or take chroot out\n");
        Programs.Result same = asNobody(tree, site.conf(PORT, pidFile, "user nobody", "group nogroup", "daemonize"));
        assertThat(same.exit()).as(same.errors()).isZero();
        try (Daemon daemon = Daemon.of(run.resolve("pid"))) {
            site.sendSigned(PORT, "one");
            daemon.signal("TERM");
            daemon.awaitEnd();
        }
        assertThat(run.resolve("pid")).doesNotExist();
    }

    private static void assertOwnedBy(Daemon process, String uid, String gid, String groups) throws IOException {
        assertThat(process.statusOfThreads("Uid")).containsOnlyKeys(String.join(" ", uid, uid, uid, uid));
        assertThat(process.statusOfThreads("Gid")).containsOnlyKeys(String.join(" ", gid, gid, gid, gid));
        assertThat(process.statusOfThreads("Groups")).containsOnlyKeys(groups);
        assertThat(process.statusOfThreads("CapPrm")).containsOnlyKeys(NO_CAPABILITIES);
        assertThat(process.statusOfThreads("CapEff")).containsOnlyKeys(NO_CAPABILITIES);
    }

    private Path ed25519Key(String owner) throws IOException {
        Path key = site.file("ed25519.pem");
        Site.give(key, owner, "400");
        return key;
    }

    private static RunningProxy start(Path conf) throws IOException, InterruptedException {
        return RunningProxy.start(Tree.ROOT, Site.PATIENCE, "--conf_file=" + conf);
    }

    private static void await(RunningProxy proxy, String line) throws InterruptedException {
        Daemon.await(() -> proxy.log().contains(line), "\"" + line + "\"");
    }

    private static Programs.Result check(Path conf) throws IOException {
        return Programs.run(Site.PATIENCE, List.of(Tree.program("dkimproxy-check"), conf.toString()));
    }

    private static Programs.Result run(Path conf) throws IOException {
        return Programs.run(Site.PATIENCE, List.of(Tree.program("dkimproxy.out"), "--conf_file=" + conf));
    }

    private static void assertStops(Path conf, String error) throws IOException {
        assertStops(run(conf), error);
    }

    private static void assertStops(Programs.Result result, String error) {
        assertThat(result.errors()).endsWith(error).doesNotContain("\tat ", "Exception");
        assertThat(result.exit()).isEqualTo(1);
    }

    private static void assertStopsAsNobody(Path tree, Path conf, String error) throws IOException {
        assertStops(asNobody(tree, conf), error);
    }

    private static Programs.Result asNobody(Path tree, Path conf) throws IOException {
        return Programs.run(
                Site.PATIENCE,
                List.of(
                        "setpriv",
                        "--reuid=nobody",
                        "--regid=nogroup",
                        "--clear-groups",
                        tree.resolve("bin/dkimproxy.out").toString(),
                        "--conf_file=" + conf));
    }
}
