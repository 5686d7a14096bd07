package org.dkimproxy.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.dkimproxy.testkit.Await;
import org.dkimproxy.testkit.JdkimJudge;
import org.dkimproxy.testkit.SmtpSender;
import org.dkimproxy.testkit.SmtpSink;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** The Debian package under a real systemd: installed, started, reloaded, killed, upgraded, stopped and purged. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SystemdIT {
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final String UNIT = "dkimproxy.service";
    private static final String KEY = "/etc/dkimproxy/one._domainkey.example.org.key";
    private static final byte[] MESSAGE =
            "From: joe@example.org\r\nSubject: x\r\n\r\nHi\r\n".getBytes(StandardCharsets.US_ASCII);

    @TempDir
    static Path folder;

    private static DebianRoot root;
    private static BootedDebian debian;
    private static SmtpSink relay;
    private static InetSocketAddress listen;
    private static InetSocketAddress lowListen;

    @BeforeAll
    static void boot() throws IOException, InterruptedException {
        Requirements.debootstrap();
        Requirements.systemdNspawn();
        root = DebianRoot.withSystemd(folder);
        Files.copy(Tree.archive(".deb"), root.path().resolve("dkimproxy.deb"));
        debian = BootedDebian.boot(root, folder);
        relay = SmtpSink.start();
        listen = freeAddress(0);
        lowListen = freeAddress(300);
    }

    @AfterAll
    static void discard() throws IOException, InterruptedException {
        try {
            if (relay != null) {
                relay.close();
            }
            if (debian != null) {
                debian.powerOff();
            }
        } finally {
            if (root != null) {
                root.close();
            }
        }
    }

    @Test
    @Order(1)
    void without_a_conf_file_the_unit_is_enabled_and_does_nothing() throws IOException {
        run("dpkg", "-i", "/dkimproxy.deb");
        assertThat(run("systemctl", "is-enabled", UNIT)).containsExactly("enabled");
        assertThat(property("ActiveState")).isEqualTo("inactive");
        assertThat(property("Result")).isEqualTo("success");
        assertThat(property("ConditionResult")).isEqualTo("no");
    }

    @Test
    @Order(2)
    void configured_it_starts_and_has_next_to_no_rights() throws Exception {
        run("dkimproxy-keygen", "--domain=example.org", "--selector=one", "--out=/etc/dkimproxy");
        run("chgrp", "dkimproxy", KEY);
        run("chmod", "640", KEY);
        write(
                "etc/dkimproxy/dkimproxy_out.conf",
                "listen " + text(listen) + "\nlisten " + text(lowListen) + "\nrelay " + text(relay.address())
                        + "\nsender_map /etc/dkimproxy/sender_map\nlog_file Sys::Syslog\n"
                        // an old conf file may say this for an init script
                        + "daemonize 1\nuser mail\ngroup nogroup\npidfile /var/run/dkimproxy.pid\n");
        write("etc/dkimproxy/sender_map", "example.org dkim(a=rsa-sha256,s=one,key=" + KEY + ")\n");

        run("systemctl", "start", UNIT);

        assertThat(property("ActiveState")).isEqualTo("active");
        List<String> status = run("cat", "/proc/" + property("MainPID") + "/status");
        String user = run("id", "-u", "dkimproxy").getFirst();
        assertThat(status)
                .contains("Uid:\t" + user + "\t" + user + "\t" + user + "\t" + user, "NoNewPrivs:\t1", "Seccomp:\t2")
                // CAP_NET_BIND_SERVICE, and no other
                .contains("CapPrm:\t0000000000000400", "CapBnd:\t0000000000000400");
        assertThat(String.join("\n", run("cat", "/proc/" + property("MainPID") + "/maps")))
                .contains("/usr/lib/dkimproxy/lib/dkimproxy.aot", "libamazonCorrettoCryptoProvider.so");
        assertThat(run("cat", "/run/dkimproxy/dkimproxy_out.pid")).containsExactly(property("MainPID"));
        String socket = "/proc/" + property("MainPID") + "/root/tmp/.java_pid" + property("MainPID");
        assertThat(debian.run("test", "-e", socket).exit()).isNotZero();
    }

    @Test
    @Order(3)
    void mail_is_signed_on_every_port() throws Exception {
        assertSigned(listen);
        assertSigned(lowListen);
        assertThat(journal())
                .anyMatch(line -> line.matches("DKIM signing - signed; .*from=<joe@example.org>; session=.*"));
        assertThat(property("StatusText"))
                .isEqualTo("Listening on " + text(listen) + ", " + text(lowListen) + ", relaying to "
                        + text(relay.address()));
        assertThat(property("LimitCORE")).isEqualTo("0");
    }

    /** With log_file Sys::Syslog, whose lines come to the journal as well as those of standard error. */
    @Test
    @Order(3)
    void each_line_is_in_the_journal_once_with_its_priority_for_the_facility_mail() throws Exception {
        assertThat(run("journalctl", "--unit=" + UNIT, "SYSLOG_FACILITY=2", "--priority=info..info", "--output=cat"))
                .filteredOn(line -> line.startsWith("DKIM signing - signed; "))
                .hasSize(2);
        assertThat(journal())
                .filteredOn(line -> line.startsWith("DKIM signing - signed; "))
                .hasSize(2);
        assertThat(journal()).noneMatch(line -> line.startsWith("<"));
    }

    @Test
    @Order(4)
    void a_reload_takes_what_is_good_and_keeps_the_old_state_otherwise() throws Exception {
        write("etc/dkimproxy/sender_map", "example.org dkim(c=wrong)\n");
        run("systemctl", "reload", UNIT);
        awaitLine("/etc/dkimproxy/sender_map:1:20: ");
        assertThat(run("journalctl", "--unit=" + UNIT, "SYSLOG_FACILITY=2", "--priority=err", "--output=cat"))
                .anyMatch(line -> line.startsWith("/etc/dkimproxy/sender_map:1:20: error: "));
        await(() -> property("StatusText")
                .matches("Reload failed at \\S+Z; the previous configuration stays active:"
                        + " /etc/dkimproxy/sender_map:1:[0-9]+: error: .*"));
        assertThat(property("ActiveState")).isEqualTo("active");
        assertSigned(listen);

        write(
                "etc/dkimproxy/sender_map",
                "# mended\nexample.org dkim(a=rsa-sha256,s=one,i=x@example.org,key=" + KEY + ")\n");
        run("systemctl", "reload", UNIT);
        awaitLine("reloaded");
        await(() -> property("StatusText").startsWith("Configuration reloaded at "));
        assertThat(assertSigned(listen)).contains("i=x@example.org");
    }

    @Test
    @Order(5)
    void killed_it_is_started_again() throws Exception {
        String killed = property("MainPID");
        run("systemctl", "kill", "--signal=KILL", UNIT);
        await(() ->
                !property("MainPID").equals(killed) && property("ActiveState").equals("active"));
        assertSigned(listen);
    }

    @Test
    @Order(6)
    void an_upgrade_goes_on_signing() throws Exception {
        String old = property("MainPID");
        run("dpkg", "-i", "/dkimproxy.deb");
        assertThat(property("ActiveState")).isEqualTo("active");
        assertThat(property("MainPID")).isNotEqualTo(old);
        assertSigned(listen);
    }

    @Test
    @Order(7)
    void the_drop_in_of_the_guide_lets_it_write_its_log_and_read_keys_at_home() throws Exception {
        Path dropIns = Files.createDirectories(root.path().resolve("etc/systemd/system/dkimproxy.service.d"));
        Files.writeString(dropIns.resolve("local.conf"), dropInOfTheGuide(), StandardCharsets.UTF_8);
        run("mkdir", "-p", "/home/keys");
        run("cp", "-p", KEY, "/home/keys/one.key");
        String conf = Files.readString(root.path().resolve("etc/dkimproxy/dkimproxy_out.conf"), StandardCharsets.UTF_8);
        write(
                "etc/dkimproxy/dkimproxy_out.conf",
                conf.replace("log_file Sys::Syslog", "log_file /var/log/dkimproxy/out.log"));
        write("etc/dkimproxy/sender_map", "example.org dkim(a=rsa-sha256,s=one,key=/home/keys/one.key)\n");
        run("systemctl", "daemon-reload");
        run("systemctl", "restart", UNIT);
        assertSigned(listen);
        await(() -> run("cat", "/var/log/dkimproxy/out.log").stream().anyMatch(line -> line.contains(" signed; ")));

        Files.delete(dropIns.resolve("local.conf"));
        write("etc/dkimproxy/dkimproxy_out.conf", conf);
        run("systemctl", "daemon-reload");
    }

    @Test
    @Order(8)
    void a_configuration_error_stays_one_until_it_is_corrected_and_is_in_the_journal() throws Exception {
        run("systemctl", "stop", UNIT);
        assertThat(property("Result")).isEqualTo("success");
        assertThat(property("ExecMainStatus")).isEqualTo("0");
        write("etc/dkimproxy/sender_map", "example.org dkim(s=one,key=/nowhere)\n");
        assertThat(debian.run("systemctl", "start", UNIT).exit()).isNotZero();
        // a start is never refused because of those before it
        assertThat(property("StartLimitIntervalUSec")).isEqualTo("0");
        awaitLine("/etc/dkimproxy/sender_map:1:28: ");
        assertThat(run("journalctl", "--unit=" + UNIT, "SYSLOG_FACILITY=2", "--priority=err", "--output=cat"))
                .anyMatch(line -> line.startsWith("/etc/dkimproxy/sender_map:1:28: error: "));
        assertThat(property("ExecMainStatus")).isEqualTo("78");
        assertThat(property("NRestarts")).isEqualTo("0");
        assertThat(property("ActiveState")).isEqualTo("failed");
        write("etc/dkimproxy/sender_map", "example.org dkim(s=one,key=" + KEY + ")\n");
        run("systemctl", "start", UNIT);
        assertSigned(listen);
    }

    /** By the lines of docs/install.md. */
    @Test
    @Order(10)
    void the_unit_of_the_archive_runs_the_tree_of_the_archive() throws Exception {
        Programs.run(
                        PATIENCE,
                        List.of(
                                "tar",
                                "-xzf",
                                Tree.archive(".tar.gz").toString(),
                                "-C",
                                root.path().resolve("usr/local/lib").toString()))
                .linesOfSuccess();
        run("sh", "-c", "ln -s /usr/local/lib/dkimproxy-* /usr/local/lib/dkimproxy");
        run("adduser", "--system", "--group", "--no-create-home", "dkimproxy");
        run("mkdir", "-p", "/etc/dkimproxy");
        run(
                "/usr/local/lib/dkimproxy/bin/dkimproxy-keygen",
                "--domain=example.org",
                "--selector=one",
                "--group=dkimproxy",
                "--out=/etc/dkimproxy");
        write(
                "etc/dkimproxy/dkimproxy_out.conf",
                "listen " + text(listen) + "\nrelay " + text(relay.address())
                        + "\ndomain example.org\nselector one\nkeyfile " + KEY + "\n");
        run("cp", "/usr/local/lib/dkimproxy/docs/systemd/dkimproxy.service", "/etc/systemd/system");
        run("systemctl", "daemon-reload");
        run("systemctl", "enable", "--now", UNIT);
        assertSigned(listen);
        // standard error alone
        assertThat(run("journalctl", "--unit=" + UNIT, "SYSLOG_FACILITY=2", "--priority=info..info", "--output=cat"))
                .anyMatch(line -> line.startsWith("DKIM signing - signed; "));
    }

    @Test
    @Order(9)
    void purged_it_is_gone() throws Exception {
        run("rm", "-r", "/etc/systemd/system/dkimproxy.service.d");
        run("rm", "-rf", "/etc/dkimproxy");
        run("dpkg", "--purge", "dkimproxy");
        assertThat(property("LoadState")).isEqualTo("not-found");
        assertThat(property("ActiveState")).isNotEqualTo("active");
        assertThat(root.has("etc/systemd/system/multi-user.target.wants/" + UNIT))
                .isFalse();
    }

    /** Sends a message and judges what the relay gets; returns its signature field. */
    private static String assertSigned(InetSocketAddress proxy) throws Exception {
        int before = relay.awaitMessages(0, PATIENCE).size();
        try (SmtpSender sender = SmtpSender.connect(proxy, PATIENCE)) {
            sender.readReply();
            assertThat(sender.transact("joe@example.org", List.of("suzie@example.net"), MESSAGE)
                            .code())
                    .isEqualTo(250);
        }
        byte[] message = relay.awaitMessages(before + 1, PATIENCE).getLast().data();
        assertThat(new JdkimJudge(Map.of("one._domainkey.example.org", record())).judge(message))
                .singleElement()
                .matches(JdkimJudge.Judgement::passes);
        String text = new String(message, StandardCharsets.ISO_8859_1);
        return text.substring(0, text.indexOf("\r\nFrom:"));
    }

    private static String dropInOfTheGuide() throws IOException {
        Matcher block = Pattern.compile("(?s)```ini\n(.*?)```")
                .matcher(Files.readString(Path.of("../docs/migrate.md"), StandardCharsets.UTF_8));
        assertThat(block.find()).isTrue();
        return block.group(1);
    }

    private static String record() throws IOException {
        String line = Files.readString(
                root.path().resolve("etc/dkimproxy/one._domainkey.example.org.txt"), StandardCharsets.US_ASCII);
        return line.substring(line.indexOf('"')).replaceAll("\"\\s*\"?", "");
    }

    private static List<String> run(String... command) throws IOException {
        return debian.run(command).linesOfSuccess();
    }

    private static String property(String name) throws IOException {
        return run("systemctl", "show", "--property=" + name, "--value", UNIT).getFirst();
    }

    private static List<String> journal() throws IOException {
        return run("journalctl", "--unit=" + UNIT, "--output=cat", "--no-pager");
    }

    private static void awaitLine(String part) throws IOException, InterruptedException {
        await(() -> journal().stream().anyMatch(line -> line.contains(part)));
    }

    private static void await(Await.Condition<IOException> condition) throws IOException, InterruptedException {
        Await.until(condition, PATIENCE, () -> "a line or a state; the journal: " + journalOrWhyNot());
    }

    private static String journalOrWhyNot() {
        try {
            return String.join("\n", journal());
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** An address on loopback that nobody listens on: with any port for 0, else with the first free one from this on. */
    private static InetSocketAddress freeAddress(int from) throws IOException {
        for (int port = from; ; port++) {
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return new InetSocketAddress(InetAddress.getLoopbackAddress(), socket.getLocalPort());
            } catch (java.net.BindException taken) {
                assertThat(port).as("no free port below 1024").isLessThan(1023);
            }
        }
    }

    private static String text(InetSocketAddress address) {
        return "127.0.0.1:" + address.getPort();
    }

    private static void write(String name, String text) throws IOException {
        Files.writeString(root.path().resolve(name), text, StandardCharsets.UTF_8);
    }
}
