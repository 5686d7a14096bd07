package org.dkimproxy.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.dkimproxy.testkit.RunningProxy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The built program in a root directory that holds nothing but what the site put there. */
@Timeout(180)
class ChrootIT {
    private static final int PORT = 10_027;
    private static final String LARGE = "x".repeat(70).concat("\r\n").repeat(10_000);

    @TempDir
    Path folder;

    private Site site;
    private Path jail;

    @BeforeAll
    static void needRoot() throws IOException {
        Requirements.root();
    }

    @BeforeEach
    void setUp() throws Exception {
        site = new Site(folder);
        jail = Files.createDirectory(folder.resolve("jail"));
        Files.createDirectory(jail.resolve("keys"));
        Site.give(Files.createDirectory(jail.resolve("tmp")), "root:root", "1777");
        for (String key : List.of("rsa.pem", "ed25519.pem")) {
            Files.copy(site.file(key), jail.resolve("keys").resolve(key));
            Site.give(jail.resolve("keys").resolve(key), "nobody:nogroup", "400");
        }
        site.map("one", Path.of("/keys/rsa.pem"));
    }

    @AfterEach
    void tearDown() throws IOException {
        site.close();
    }

    /** As sites of the original have it, whose maps are read before and whose keys are read after. */
    @Test
    void mail_is_signed_with_keys_that_are_inside_and_maps_that_are_not() throws Exception {
        Path conf = conf();
        try (RunningProxy proxy = start(conf)) {
            Daemon process = Daemon.of(site.pidFile());
            assertThat(process.link("root")).isEqualTo(jail.toString());
            assertThat(process.link("cwd")).isEqualTo(jail.toString());
            assertThat(process.statusOfThreads("Uid")).containsOnlyKeys("65534 65534 65534 65534");
            assertThat(proxy.log())
                    .contains("file " + site.file("map") + " is not in the root directory " + jail
                            + ": changes of it need a restart, unless it is copied to " + jail + site.file("map"));
            site.sendSigned(PORT, "one");
            site.sendSigned(PORT, "one", LARGE);

            process.signal("HUP");
            Daemon.await(
                    () -> proxy.log().contains("configuration reload failed; the previous configuration stays active"),
                    "a reload that fails");
            site.sendSigned(PORT, "one");
            assertThat(proxy.stop()).isZero();
            assertThat(proxy.log())
                    .contains("stopped")
                    .noneMatch(line -> line.contains("Error") || line.contains("gone;"));
        }
        // it is out of its sight: the next start replaces it
        assertThat(site.pidFile()).isNotEmptyFile();
        try (RunningProxy again = start(conf)) {
            assertThat(site.pidFile()).hasContent(again.process().pid() + "\n");
        }
    }

    @Test
    void maps_that_are_inside_too_are_reloaded() throws Exception {
        Path conf = conf();
        Path inside = inside(conf);
        Path map = inside(site.file("map"));
        try (RunningProxy proxy = start(conf)) {
            site.sendSigned(PORT, "one");
            assertThat(proxy.log()).noneMatch(line -> line.contains("is not in the root directory"));
            Files.writeString(map, "example.org dkim(s=ed,key=/keys/ed25519.pem)\n", StandardCharsets.UTF_8);
            Daemon.await(() -> proxy.log().contains("configuration reloaded"), "a reload by itself");
            site.sendSigned(PORT, "ed");
            site.sendSigned(PORT, "ed", LARGE);
            Files.writeString(
                    inside, Files.readString(inside, StandardCharsets.UTF_8) + "log_level 1\n", StandardCharsets.UTF_8);
            Daemon.of(site.pidFile()).signal("QUIT");
            assertThat(proxy.stop()).isZero();
        }
    }

    @Test
    void a_copy_that_differs_is_told() throws Exception {
        Path conf = conf();
        inside(conf);
        Path map = inside(site.file("map"));
        Files.writeString(map, "# older\n", StandardCharsets.UTF_8);
        String told = "file " + site.file("map") + " and its copy " + map
                + " in the root directory differ: the start has" + " read the former, and a reload reads the copy";
        Programs.Result check = Programs.run(Site.PATIENCE, List.of(Tree.program("dkimproxy-check"), conf.toString()));
        assertThat(check.output()).contains("warning: " + told + "\n").endsWith("0 errors, 1 warning\n");
        assertThat(check.exit()).isEqualTo(1);
        try (RunningProxy proxy = start(conf)) {
            assertThat(proxy.log()).contains(told).noneMatch(line -> line.startsWith("file " + conf));
            site.sendSigned(PORT, "one");
            assertThat(proxy.stop()).isZero();
        }
    }

    @Test
    void the_check_tells_what_is_missing_inside() throws Exception {
        Files.delete(jail.resolve("tmp"));
        Site.give(jail.resolve("keys"), "root:root", "700");
        Programs.Result check =
                Programs.run(Site.PATIENCE, List.of(Tree.program("dkimproxy-check"), conf().toString()));
        assertThat(check.output())
                .contains("error: user nobody (uid 65534) cannot read file /keys/rsa.pem: Permission denied;"
                        + " directory /keys is rwx------ of root:root");
        assertThat(check.exit()).isEqualTo(2);
        Site.give(jail.resolve("keys"), "root:root", "755");
        assertThat(Programs.run(Site.PATIENCE, List.of(Tree.program("dkimproxy-check"), conf().toString()))
                        .output())
                .contains("error: spool_dir /tmp is no directory that user nobody (uid 65534) can write to in the root"
                        + " directory " + jail);
    }

    /**
     * The name stands in a file outside only, as names do in /etc/hosts; this one is for Java alone. With a second listen address of
     * the port of the relay, the name is looked up before the settings are known.
     */
    @ParameterizedTest
    @ValueSource(strings = {"", "listen 127.0.0.2:PORT"})
    void the_addresses_of_the_relay_stay_known(String more) throws Exception {
        Path hosts = Files.writeString(site.file("hosts"), "127.0.0.1 relay.example\n", StandardCharsets.UTF_8);
        String port = Integer.toString(site.relayPort());
        Path conf = conf("relay relay.example:" + port, more.replace("PORT", port));
        try (RunningProxy proxy = RunningProxy.start(
                Tree.ROOT,
                Site.PATIENCE,
                Map.of("DKIMPROXY_JAVA_OPTS", "-Dsun.net.inetaddr.ttl=1 -Djdk.net.hosts.file=" + hosts),
                "--conf_file=" + conf)) {
            site.sendSigned(PORT, "one");
            Thread.sleep(2500); // longer than addresses are remembered here without asking again
            site.sendSigned(PORT, "one");
            assertThat(proxy.stop()).isZero();
        }
    }

    @Test
    void in_the_background_it_serves_as_well() throws Exception {
        Programs.Result result = run(conf("daemonize"));
        assertThat(result.exit()).as(result.errors()).isZero();
        try (Daemon daemon = Daemon.of(site.pidFile())) {
            assertThat(daemon.link("root")).isEqualTo(jail.toString());
            for (String stream : List.of("0", "1", "2")) {
                assertThat(daemon.link("fd/" + stream)).isEqualTo("/dev/null");
            }
            site.sendSigned(PORT, "one");
            daemon.signal("TERM");
            daemon.awaitEnd();
        }
    }

    @Test
    void a_key_that_is_outside_only_stops_the_start() throws Exception {
        site.map("one", site.rsaKey());
        Path conf = conf();
        assertStops(
                conf,
                site.file("map") + ":1:28: error: cannot read key file " + jail + site.rsaKey()
                        + ": No such file or directory\n",
                conf + ":6:8: warning: found chroot, so that key files are looked for in " + jail
                        + ", expected a copy of each there: /KEY as " + jail + "/KEY\n");
    }

    @Test
    void a_key_that_only_root_can_read_inside_stops_the_start() throws Exception {
        Site.give(jail.resolve("keys"), "root:root", "700");
        assertStops(
                conf(),
                "Error: user nobody (uid 65534) cannot read file /keys/rsa.pem: Permission denied; directory /keys"
                        + " is rwx------ of root:root: let that user search it, by chown, chgrp or chmod\n");
    }

    /** Root follows it to a key outside; inside it leads nowhere. */
    @Test
    void a_link_that_leads_outside_stops_the_start() throws Exception {
        Files.createSymbolicLink(jail.resolve("keys/link.pem"), site.rsaKey());
        site.map("one", Path.of("/keys/link.pem"));
        assertStops(
                conf(),
                "Error: " + site.file("map")
                        + ":1:28: error: cannot read key file /keys/link.pem: No such file or directory\n");
    }

    @Test
    void no_room_for_large_messages_stops_the_start() throws Exception {
        Files.delete(jail.resolve("tmp"));
        assertStops(
                conf(),
                "Error: spool_dir /tmp is no directory that user nobody (uid 65534) can write to in the root directory "
                        + jail + ", so large messages could not be taken; make it, or name another one\n");
        Path spool = Files.createDirectory(jail.resolve("spool"));
        Site.give(spool, "nobody:nogroup", "700");
        try (RunningProxy proxy = start(conf("spool_dir /spool"))) {
            site.sendSigned(PORT, "one", LARGE);
            assertThat(proxy.stop()).isZero();
        }
    }

    @Test
    void a_root_directory_that_does_not_exist_stops_the_start() throws Exception {
        Path conf = site.conf(PORT, "chroot /no/such/directory");
        assertStops(conf, conf + ":5:8: error: found \"/no/such/directory\", expected a directory that exists\n");
    }

    private Path conf(String... lines) throws IOException {
        return site.conf(PORT, "user nobody", "chroot " + jail + "\n" + String.join("\n", lines));
    }

    private Path inside(Path file) throws IOException {
        Path inside = Path.of(jail.toString() + file);
        Files.createDirectories(inside.getParent());
        return Files.copy(file, inside);
    }

    private static RunningProxy start(Path conf) throws IOException, InterruptedException {
        return RunningProxy.start(Tree.ROOT, Site.PATIENCE, "--conf_file=" + conf);
    }

    private static Programs.Result run(Path conf) throws IOException {
        return Programs.run(Site.PATIENCE, List.of(Tree.program("dkimproxy.out"), "--conf_file=" + conf));
    }

    private static void assertStops(Path conf, String... errors) throws IOException {
        Programs.Result result = run(conf);
        assertThat(result.errors()).contains(errors).doesNotContain("\tat ", "Exception");
        assertThat(result.exit()).isEqualTo(1);
    }
}
