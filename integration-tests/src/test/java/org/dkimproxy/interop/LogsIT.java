package org.dkimproxy.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.dkimproxy.testkit.Await;
import org.dkimproxy.testkit.RunningProxy;
import org.dkimproxy.testkit.SignalSender;
import org.dkimproxy.testkit.SmtpSender;
import org.dkimproxy.testkit.SmtpSink;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where the log lines of the built program go, and that nothing which becomes of them stops mail. */
@Timeout(180)
class LogsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int MANY = 1000;
    private static final int PORT = 10_027;
    private static final String SIGNED = "DKIM signing - signed; message-id=<";

    @TempDir
    static Path keys;

    private static TestKeys testKeys;

    @TempDir
    Path folder;

    /** Stands for /dev before the program. */
    private Path devices;

    @BeforeAll
    static void makeKeys() throws Exception {
        testKeys = TestKeys.generate(keys);
    }

    @BeforeEach
    void makeDevices() throws IOException {
        devices = Files.createDirectory(folder.resolve("dev"));
    }

    @Test
    void the_system_log_gets_the_lines_of_the_contract_with_name_process_and_priority() throws Exception {
        Requirements.ownMounts();
        try (SystemLogListener log = new SystemLogListener(devices);
                SmtpSink relay = SmtpSink.start();
                RunningProxy proxy = startWithOwnDevices(relay, "log_file Sys::Syslog\n")) {
            sendOneOfEach(proxy);
            long pid = proxy.process().pid();
            assertThat(proxy.stop()).isZero();

            List<String> expected = List.of(
                    "<22>TIME dkimproxy.out[PID]: listening on 127.0.0.1:PORT, relaying to 127.0.0.1:PORT",
                    "<23>TIME dkimproxy.out[PID]: connect from 127.0.0.1; session=1",
                    "<22>TIME dkimproxy.out[PID]: " + SIGNED
                            + "1@example.org>, signer=<@example.org>, from=<joe@example.org>; session=1",
                    "<22>TIME dkimproxy.out[PID]: notice: d=example.org is not aligned with the From domain example.com, so"
                            + " DMARC does not count this signature (logged once for each d=); message-id=<2@example.org>,"
                            + " sender=<joe@example.org>; session=1",
                    "<22>TIME dkimproxy.out[PID]: " + SIGNED
                            + "2@example.org>, signer=<@example.org>, sender=<joe@example.org>; session=1",
                    "<22>TIME dkimproxy.out[PID]: DKIM signing - skipped; message-id=<3@example.org>,"
                            + " from=<joe@example.com>; session=1",
                    "<22>TIME dkimproxy.out[PID]: unsigned: no rule matches joe@example.com;"
                            + " message-id=<3@example.org>, from=<joe@example.com>; session=1",
                    "<20>TIME dkimproxy.out[PID]: signing error: no From field (RFC 6376 section 5.4), message leaves"
                            + " unsigned; message-id=<4@example.org>, sender=<joe@example.org>; session=1",
                    "<22>TIME dkimproxy.out[PID]: stopped");
            // what comes before depends on the machine and on who starts it
            assertThat(log.await(1, line -> line.endsWith("]: stopped")).stream()
                            .dropWhile(line -> !line.contains("]: listening on "))
                            .map(line -> line.replaceFirst("^(<[0-9]+>)[A-Z][a-z]{2} [ 1-3][0-9] [0-9:]{8} ", "$1TIME ")
                                    .replaceFirst("\\[" + pid + "]", "[PID]")
                                    .replaceFirst("session=[0-9a-z]+-", "session=")
                                    .replaceAll("127\\.0\\.0\\.1:[0-9]+", "127.0.0.1:PORT")))
                    .isEqualTo(expected);
            assertThat(proxy.log().stream()
                            .dropWhile(line -> !line.startsWith("listening on "))
                            .map(line -> line.replaceFirst("session=[0-9a-z]+-", "session=")
                                    .replaceAll("127\\.0\\.0\\.1:[0-9]+", "127.0.0.1:PORT")))
                    .isEqualTo(expected.stream()
                            .map(line -> line.replaceFirst("^<[0-9]+>TIME dkimproxy\\.out\\[PID]: ", ""))
                            .toList());
        }
    }

    @Test
    void the_lines_of_the_guide_are_what_is_written() throws Exception {
        String sample = UserGuide.sampleWith("text", "DKIM signing - signed");
        try (SmtpSink relay = SmtpSink.start();
                RunningProxy proxy = start(relay, "")) {
            sendOneOfEach(proxy);
            proxy.stop();

            String session = "; session=[0-9a-z-]+$";
            assertThat(proxy.log().stream().map(line -> line.replaceFirst(session, "; session=ID")))
                    .containsSubsequence(sample.lines()
                            .map(line -> line.replaceFirst(session, "; session=ID"))
                            .toList());
        }
    }

    @Test
    void ident_facility_and_options_are_the_ones_asked_for() throws Exception {
        Requirements.ownMounts();
        try (SystemLogListener log = new SystemLogListener(devices);
                SmtpSink relay = SmtpSink.start();
                RunningProxy proxy = startWithOwnDevices(relay, """
                    log_file Sys::Syslog
                    syslog_ident my%25sproxy
                    syslog_facility local3
                    syslog_logopt ndelay
                    """)) {
            proxy.stop();

            List<String> lines = log.await(1, line -> line.endsWith(": stopped"));
            assertThat(lines).allMatch(line -> line.matches("<15[0-9]>[A-Z][a-z]{2} .{11} my%sproxy: .*"));
            // 19 is local3, 6 is info
            assertThat(lines).last().asString().startsWith("<158>");
        }
    }

    @Test
    void mail_flows_without_a_system_log() throws Exception {
        Requirements.ownMounts();
        try (SmtpSink relay = SmtpSink.start();
                RunningProxy proxy = startWithOwnDevices(relay, "log_file Sys::Syslog\nsyslog_logopt pid,cons\n")) {
            sendMany(proxy, 20);

            assertThat(proxy.stop()).isZero();
            assertThat(proxy.log()).filteredOn(line -> line.startsWith(SIGNED)).hasSize(20);
            assertThat(proxy.log()).last().isEqualTo("stopped");
        }
    }

    @Test
    void mail_flows_when_the_system_log_is_stuck_and_no_line_is_lost_when_it_goes_on() throws Exception {
        Requirements.ownMounts();
        try (SystemLogListener log = new SystemLogListener(devices);
                SmtpSink relay = SmtpSink.start();
                RunningProxy proxy = startWithOwnDevices(relay, "log_file Sys::Syslog\n")) {
            log.stall();
            sendMany(proxy, MANY);
            assertThat(proxy.log()).filteredOn(line -> line.startsWith(SIGNED)).hasSizeGreaterThan(MANY - 10);
            log.resume();

            List<String> signed = log.await(MANY, line -> line.contains(SIGNED)).stream()
                    .filter(line -> line.contains(SIGNED))
                    .map(line -> line.replaceFirst(".*message-id=<([0-9]+)@.*", "$1"))
                    .toList();
            assertThat(signed).isEqualTo(numbers(MANY));
        }
    }

    @Test
    void the_program_ends_in_time_when_the_system_log_is_stuck() throws Exception {
        Requirements.ownMounts();
        try (SystemLogListener log = new SystemLogListener(devices);
                SmtpSink relay = SmtpSink.start();
                RunningProxy proxy = startWithOwnDevices(relay, "log_file Sys::Syslog\n")) {
            log.stall();
            sendMany(proxy, MANY);

            assertThat(proxy.stop()).isZero();
            assertThat(proxy.log()).last().isEqualTo("stopped");
        }
    }

    @Test
    void a_system_log_that_was_restarted_gets_lines_again() throws Exception {
        Requirements.ownMounts();
        try (SmtpSink relay = SmtpSink.start();
                SystemLogListener first = new SystemLogListener(devices);
                RunningProxy proxy = startWithOwnDevices(relay, "log_file Sys::Syslog\n")) {
            sendMany(proxy, 3);
            first.await(3, line -> line.contains(SIGNED));
            first.die();
            sendMany(proxy, 3);
            try (SystemLogListener second = new SystemLogListener(devices)) {
                sendMany(proxy, 3);
                second.await(3, line -> line.contains(SIGNED));
            }
        }
    }

    @Test
    void a_log_file_is_rotated_by_hup_and_standard_error_gets_every_line_too() throws Exception {
        Path file = folder.resolve("dkimproxy.log");
        Path old = folder.resolve("dkimproxy.log.1");
        try (SmtpSink relay = SmtpSink.start();
                RunningProxy proxy = start(relay, "log_file " + file + "\n")) {
            sendMany(proxy, 2);
            await(() -> occurrences(file, SIGNED) == 2);
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-r-----");

            Files.move(file, old);
            signal(proxy, "HUP");
            await(() -> occurrences(file, "configuration reloaded") == 1);
            sendMany(proxy, 3);
            assertThat(proxy.stop()).isZero();

            assertThat(occurrences(old, SIGNED)).isEqualTo(2);
            assertThat(Files.readAllLines(file))
                    .hasSize(6)
                    .allMatch(line -> line.matches("[0-9]{4}-[0-9-]{5}T[0-9:.]{8,12}Z .*"))
                    .last()
                    .asString()
                    .endsWith("Z stopped");
            List<String> both = new ArrayList<>(Files.readAllLines(old));
            both.addAll(Files.readAllLines(file));
            assertThat(both.stream().map(line -> line.replaceFirst("^\\S+ ", "")))
                    .isEqualTo(proxy.log());
        }
    }

    /** In the root that it changes to there is no system log: what counts is the connection made before. */
    @Test
    void in_the_background_lines_go_to_the_system_log_also_without_rights_and_in_another_root() throws Exception {
        Requirements.ownMounts();
        try (SystemLogListener log = new SystemLogListener(devices);
                Site site = new Site(Files.createDirectory(folder.resolve("site")))) {
            Path jail = Files.createDirectory(folder.resolve("site/jail"));
            Site.give(Files.copy(site.rsaKey(), jail.resolve("rsa.pem")), "nobody:nogroup", "400");
            Site.give(Files.createDirectory(jail.resolve("tmp")), "root:root", "1777");
            site.map("one", Path.of("/rsa.pem"));
            Path conf = site.conf(PORT, "daemonize", "user nobody", "group nogroup", "chroot " + jail);
            Programs.Result parent = Programs.run(PATIENCE, withOwnDevices("--conf_file=" + conf));
            assertThat(parent.exit()).as(parent.errors()).isZero();

            try (Daemon daemon = Daemon.of(site.pidFile())) {
                site.sendSigned(PORT, "one");
                site.sendSigned(PORT, "one");
                daemon.signal("TERM");
                daemon.awaitEnd();
                String name = "dkimproxy.out[" + daemon.pid() + "]: ";
                List<String> lines = log.await(1, line -> line.endsWith(name + "stopped"));
                assertThat(lines).allMatch(line -> line.contains(name));
                assertThat(lines)
                        .filteredOn(line -> line.contains(name
                                + "DKIM signing - signed; signer=<@example.org>, from=<joe@example.org>; session="))
                        .hasSize(2);
            }
        }
    }

    /** It is a pipe or a socket then, which cannot be opened by its name, and as another user not even a file can. */
    @ParameterizedTest
    @ValueSource(strings = {"/dev/stdout", "/dev/stderr"})
    void standard_streams_are_log_files_too(String name) throws Exception {
        try (SmtpSink relay = SmtpSink.start();
                RunningProxy proxy = start(relay, "log_file " + name + "\n")) {
            sendMany(proxy, 1);
            signal(proxy, "HUP");
            proxy.awaitLine(line -> line.matches("[0-9-]{10}T[0-9:.]+Z configuration reloaded"), PATIENCE);
            assertThat(proxy.stop()).isZero();
            assertThat(proxy.log())
                    .filteredOn(line -> line.matches("[0-9-]{10}T[0-9:.]+Z .*" + SIGNED + ".*"))
                    .hasSize(1);
        }
    }

    @Test
    void in_the_background_there_is_no_standard_output() throws Exception {
        try (SmtpSink relay = SmtpSink.start()) {
            Programs.Result result = Programs.run(
                    PATIENCE,
                    List.of(
                            Tree.program("dkimproxy.out"),
                            "--daemonize",
                            "--conf_file=" + conf(relay, "log_file /dev/stdout\n")));
            assertThat(result.errors())
                    .isEqualTo("error: log_file /dev/stdout: a program in the background has no standard output; name"
                            + " a file\n");
            assertThat(result.exit()).isEqualTo(1);
        }
    }

    @Test
    void a_log_file_that_cannot_be_opened_again_without_rights_stays_in_use() throws Exception {
        Requirements.root();
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        try (Site site = new Site(Files.createDirectory(folder.resolve("site")))) {
            Path closed = Files.createDirectory(folder.resolve("site/log"));
            Site.give(closed, "root:root", "711");
            Site.give(site.rsaKey(), "nobody:nogroup", "400");
            Path file = closed.resolve("dkimproxy.log");
            Path old = closed.resolve("dkimproxy.log.1");
            Path conf = site.conf(PORT, "user nobody", "group nogroup", "log_file " + file);
            try (RunningProxy proxy = RunningProxy.start(Tree.ROOT, PATIENCE, "--conf_file=" + conf)) {
                Files.move(file, old);
                signal(proxy, "HUP");
                await(() -> occurrences(old, "configuration reloaded") == 1);
                signal(proxy, "HUP");
                await(() -> occurrences(old, "configuration reloaded") == 2);
                site.sendSigned(PORT, "one");
                proxy.stop();

                assertThat(proxy.log())
                        .filteredOn(line -> line.startsWith("cannot reopen "))
                        .containsExactly(
                                "cannot reopen log_file " + file + ": Permission denied; the open file stays in use");
                assertThat(occurrences(old, "DKIM signing - signed")).isEqualTo(1);
                assertThat(file).doesNotExist();
            }
        }
    }

    @Test
    void a_log_file_that_cannot_be_opened_stops_the_start() throws Exception {
        try (SmtpSink relay = SmtpSink.start()) {
            List<String> command = new ArrayList<>(List.of(Tree.program("dkimproxy.out")));
            command.add("--conf_file=" + conf(relay, "log_file " + folder + "/none/dkimproxy.log\n"));
            Programs.Result result = Programs.run(PATIENCE, command);

            assertThat(result.errors())
                    .isEqualTo("error: log_file " + folder + "/none/dkimproxy.log: there is no directory " + folder
                            + "/none; make it first\n");
            assertThat(result.exit()).isEqualTo(1);
        }
    }

    @Test
    void mail_flows_when_nobody_reads_standard_error() throws Exception {
        Path file = folder.resolve("dkimproxy.log");
        try (SmtpSink relay = SmtpSink.start()) {
            // the pipe of standard error is left to fill up: 1,000 sessions write more than its 64 KiB
            Process proxy = new ProcessBuilder(
                            Tree.program("dkimproxy.out"),
                            "--conf_file=" + conf(relay, "debugtrace\nlog_file " + file + "\n"))
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            try {
                await(() -> occurrences(file, "listening on ") == 1);
                int port = Integer.parseInt(
                        Files.readString(file).replaceFirst("(?s).*listening on 127\\.0\\.0\\.1:([0-9]+),.*", "$1"));
                sendMany(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), MANY);
                await(() -> occurrences(file, SIGNED) == MANY);
                assertThat(Files.size(file)).isGreaterThan(4 * 64 * 1024);

                proxy.toHandle().destroy();
                assertThat(proxy.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                        .isTrue();
                assertThat(proxy.exitValue()).isZero();
                assertThat(Files.readString(file)).endsWith("Z stopped\n");
            } finally {
                proxy.destroyForcibly();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Sys::Syslog", "FOLDER/trace.log"})
    void no_log_ever_holds_what_authenticates_or_what_a_message_says(String destination) throws Exception {
        Requirements.ownMounts();
        SmtpSink.Script authenticating = event -> switch (event.verb()) {
            case "AUTH" -> event.line().contains("LOGIN") ? "334 AuthSecretChallenge" : "235 2.7.0 AuthSecretDone";
            case "DXNLCG==", "AUTHSECRETUSER" -> "334 AuthSecretSecondChallenge";
            case "AUTHSECRETPASSWORD" -> "535 5.7.8 AuthSecretEcho";
            default -> SmtpSink.Script.ACCEPT.reply(event);
        };
        try (SystemLogListener log = new SystemLogListener(devices);
                SmtpSink relay = SmtpSink.start(authenticating);
                RunningProxy proxy = startWithOwnDevices(
                        relay, "debugtrace\nlog_file " + destination.replace("FOLDER", folder.toString()) + "\n")) {
            try (SmtpSender client = SmtpSender.connect(proxy.address(), PATIENCE)) {
                client.readReply();
                assertThat(client.command("EHLO client").code()).isEqualTo(250);
                assertThat(client.command("AUTH LOGIN").code()).isEqualTo(334);
                assertThat(client.command("AuthSecretUser").code()).isEqualTo(334);
                assertThat(client.command("AuthSecretPassword").code()).isEqualTo(535);
                assertThat(client.command("AuthSecretTooLate").code()).isEqualTo(502);
                assertThat(client.command("AUTH PLAIN AuthSecretInitial").code())
                        .isEqualTo(235);
                assertThat(client.transact(
                                        "joe@example.org",
                                        List.of("suzie@example.net"),
                                        message(1, "From: joe@example.org", "MessageSecret"))
                                .code())
                        .isEqualTo(250);
                assertThat(client.command("QUIT").code()).isEqualTo(221);
            }
            assertThat(proxy.stop()).isZero();

            List<String> all = new ArrayList<>(proxy.log());
            if (destination.equals("Sys::Syslog")) {
                all.addAll(log.await(1, line -> line.endsWith(": stopped")));
            } else {
                all.addAll(Files.readAllLines(folder.resolve("trace.log")));
            }
            assertThat(all).noneMatch(line -> line.contains("Secret"));
            assertThat(all)
                    .filteredOn(line -> line.contains(" from client: AUTH PLAIN (hidden); session="))
                    .hasSize(2);
            assertThat(all)
                    .filteredOn(line -> line.contains(" to client: 535 5.7.8 (hidden); session="))
                    .hasSize(2);
            assertThat(all)
                    .filteredOn(line -> line.contains(" from client: RCPT TO:<suzie@example.net>; session="))
                    .hasSize(2);
        }
    }

    private void sendOneOfEach(RunningProxy proxy) throws IOException {
        try (SmtpSender client = SmtpSender.connect(proxy.address(), PATIENCE)) {
            client.readReply();
            List<String> headers = List.of(
                    "From: joe@example.org",
                    "Sender: joe@example.org\r\nFrom: joe@example.com",
                    "From: joe@example.com",
                    "Sender: joe@example.org\r\nTo: joe@example.org");
            for (int i = 0; i < headers.size(); i++) {
                client.transact("joe@example.org", List.of("suzie@example.net"), message(i + 1, headers.get(i), "Hi"));
            }
            client.command("QUIT");
        }
    }

    private static void sendMany(RunningProxy proxy, int count) throws IOException {
        sendMany(proxy.address(), count);
    }

    private static void sendMany(InetSocketAddress proxy, int count) throws IOException {
        try (SmtpSender client = SmtpSender.connect(proxy, PATIENCE)) {
            client.readReply();
            for (int i = 0; i < count; i++) {
                assertThat(client.transact(
                                        "joe@example.org",
                                        List.of("suzie@example.net"),
                                        message(i, "From: joe@example.org", "Hi"))
                                .code())
                        .isEqualTo(250);
            }
            client.command("QUIT");
        }
    }

    private static byte[] message(int number, String header, String body) {
        return (header + "\r\nMessage-ID: <" + number + "@example.org>\r\n\r\n" + body + "\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    private static List<String> numbers(int count) {
        return IntStream.range(0, count).mapToObj(Integer::toString).toList();
    }

    private Path conf(SmtpSink relay, String more) throws IOException {
        Path map = Files.writeString(
                folder.resolve("sender_map"),
                "example.org dkim(a=rsa-sha256,s=one,key=" + testKeys.rsaFile() + ")\n",
                StandardCharsets.UTF_8);
        return Files.writeString(
                folder.resolve("dkimproxy_out.conf"),
                "listen 127.0.0.1:0\nrelay 127.0.0.1:" + relay.address().getPort() + "\nsender_map " + map + "\n"
                        + more,
                StandardCharsets.UTF_8);
    }

    private RunningProxy start(SmtpSink relay, String more) throws IOException, InterruptedException {
        return RunningProxy.start(Tree.ROOT, PATIENCE, "--conf_file=" + conf(relay, more));
    }

    /** With {@link #devices} as /dev, so that /dev/log is the test's own and the real one, if any, is not touched. */
    private RunningProxy startWithOwnDevices(SmtpSink relay, String more) throws IOException, InterruptedException {
        return RunningProxy.start(withOwnDevices("--conf_file=" + conf(relay, more)), PATIENCE);
    }

    private List<String> withOwnDevices(String argument) {
        return List.of(
                "unshare",
                "--mount",
                "--propagation",
                "private",
                "sh",
                "-e",
                Programs.script("with-own-dev.sh"),
                devices.toString(),
                Tree.program("dkimproxy.out"),
                argument);
    }

    private static void signal(RunningProxy proxy, String name) throws IOException, InterruptedException {
        SignalSender.send(name, proxy.process().pid());
    }

    private static void await(Await.Condition<IOException> condition) throws IOException, InterruptedException {
        Await.until(condition, PATIENCE, () -> "lines of a log");
    }

    private static long occurrences(Path file, String part) throws IOException {
        return Files.exists(file)
                ? Files.readAllLines(file).stream()
                        .filter(line -> line.contains(part))
                        .count()
                : 0;
    }
}
