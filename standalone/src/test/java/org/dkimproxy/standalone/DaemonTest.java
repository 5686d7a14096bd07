package org.dkimproxy.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import org.dkimproxy.testkit.PrivateKeys;
import org.dkimproxy.testkit.RunningProxy;
import org.dkimproxy.testkit.SmtpSink;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The real program as a process: signals, reloading under traffic, and its PID file. */
@Timeout(120)
class DaemonTest {
    private static final Pattern SELECTOR = Pattern.compile("\\bs=([a-z0-9]+);");
    private static final Duration TIME_TO_FORGET_A_TOOL = Duration.ofSeconds(5);

    @TempDir
    Path directory;

    private Path key;
    private Path map;
    private Path conf;
    private Path pidFile;
    private SmtpSink relay;

    @BeforeEach
    void configure() throws Exception {
        key = PrivateKeys.writeNewRsa(directory.resolve("key.pem"));
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        map = Files.writeString(directory.resolve("map"), rule("one"));
        pidFile = directory.resolve("pid");
        relay = SmtpSink.start();
        conf = Files.writeString(
                directory.resolve("conf"),
                "listen 127.0.0.1:0\nrelay 127.0.0.1:" + relay.port() + "\nsender_map " + map + "\npid_file " + pidFile
                        + "\n");
    }

    @AfterEach
    void closeRelay() throws IOException {
        relay.close();
    }

    @Test
    void hup_reloads_and_a_fault_keeps_the_old_state() throws Exception {
        try (RunningProxy program = start();
                Client client = new Client(port(program))) {
            assertThat(client.send()).startsWith("250 ");
            assertThat(selectors()).containsExactly("one");

            replaceMap("example.org dkim(s=two,key=" + key + ",c=odd)\n");
            program.signal("HUP").awaitLine(line -> line.endsWith("the previous configuration stays active"), 1);
            assertThat(program.log())
                    .anyMatch(line ->
                            line.startsWith(map + ":1:") && line.contains(": error: found ") && line.contains("odd"))
                    .contains("configuration reload failed; the previous configuration stays active");
            assertThat(client.send()).startsWith("250 ");
            assertThat(selectors()).containsExactly("one", "one");

            replaceMap(rule("three"));
            program.signal("HUP").awaitLine("configuration reloaded"::equals, 1);
            assertThat(client.send()).startsWith("250 ");
            assertThat(selectors()).containsExactly("one", "one", "three");
        }
    }

    @Test
    void a_fault_that_ends_a_thread_ends_the_program_in_good_order_but_not_as_if_all_were_well() throws Exception {
        try (RunningProxy program = ClassPath.launch(FaultyProgram.class, "--conf_file=" + conf);
                Client client = new Client(port(program))) {
            assertThat(client.send()).startsWith("250 ");

            Files.createFile(FaultyProgram.trigger(conf));

            assertThat(program.exitCode()).isEqualTo(1);
            assertThat(program.log())
                    .anyMatch(line -> line.startsWith("thread faulty ended by a fault of this program: "
                            + "java.lang.IllegalStateException: broken at "))
                    .endsWith("stopped");
            assertThat(pidFile).doesNotExist();
        }
    }

    @Test
    void the_pid_file_is_gone_as_soon_as_the_next_start_can_listen() throws Exception {
        try (RunningProxy program = start();
                Client client = new Client(port(program))) {
            client.begin();
            program.signal("TERM");
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
            while (Files.exists(pidFile) && System.nanoTime() < deadline) {
                Thread.sleep(20);
            }
            assertThat(pidFile).doesNotExist();
            assertThat(program.process().isAlive()).isTrue();
            assertThat(client.end()).startsWith("250 ");
            assertThat(program.exitCode()).isZero();
        }
    }

    @Test
    void changed_map_is_read_by_itself_while_mail_flows() throws Exception {
        AtomicBoolean enough = new AtomicBoolean();
        try (RunningProxy program = start()) {
            int port = port(program);
            List<CompletableFuture<Integer>> senders = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                senders.add(CompletableFuture.supplyAsync(() -> sendUntil(enough, port)));
            }
            replaceMap("example.org dkim(s=broken,key=/missing)\n");
            program.awaitLine("configuration reload failed; the previous configuration stays active"::equals, 1);
            replaceMap(rule("two"));
            program.awaitLine("configuration reloaded"::equals, 1);
            try (Client after = new Client(port)) {
                assertThat(after.send()).startsWith("250 ");
            }
            enough.set(true);
            int sent = 1;
            for (CompletableFuture<Integer> sender : senders) {
                sent += sender.get(60, TimeUnit.SECONDS);
            }
            List<String> selectors = selectors();
            assertThat(selectors).hasSize(sent).containsOnly("one", "two").contains("one", "two");
            assertThat(selectors.subList(selectors.indexOf("two"), sent))
                    .as("messages in flight at the reload keep the old signer, others do not")
                    .filteredOn("one"::equals)
                    .hasSizeLessThanOrEqualTo(senders.size());
        }
    }

    @Test
    void message_keeps_the_signer_it_began_with() throws Exception {
        try (RunningProxy program = start();
                Client client = new Client(port(program))) {
            client.begin();
            replaceMap(rule("two"));
            program.signal("HUP").awaitLine("configuration reloaded"::equals, 1);
            assertThat(client.end()).startsWith("250 ");
            assertThat(client.send()).startsWith("250 ");
            assertThat(selectors()).containsExactly("one", "two");
        }
    }

    @Test
    void missing_key_of_a_new_map_is_waited_for() throws Exception {
        Path newKey = directory.resolve("new.pem");
        try (RunningProxy program = start()) {
            port(program);
            replaceMap("example.org dkim(s=two,key=" + newKey + ")\n");
            program.awaitLine("configuration reload failed; the previous configuration stays active"::equals, 1);
            Files.copy(key, newKey);
            program.awaitLine("configuration reloaded"::equals, 1);
        }
    }

    @Test
    void changed_conf_file_is_read_and_what_needs_a_restart_is_named() throws Exception {
        try (RunningProxy program = start();
                Client client = new Client(port(program))) {
            Files.writeString(
                    conf, Files.readString(conf).replace("listen 127.0.0.1:0", "listen 127.0.0.1:1") + "log_level 2\n");
            program.awaitLine("configuration reloaded"::equals, 1);
            assertThat(program.log()).contains("changed, but without effect until a restart: listen");
            assertThat(client.send()).startsWith("250 ");
            assertThat(program.log()).noneMatch(line -> line.startsWith("DKIM signing"));
        }
    }

    @Test
    void map_that_is_gone_is_told_once_and_stays_in_use() throws Exception {
        try (RunningProxy program = start();
                Client client = new Client(port(program))) {
            Files.delete(map);
            program.awaitLine(("file " + map + " is gone; what was read from it stays in use")::equals, 1);
            assertThat(client.send()).startsWith("250 ");
            assertThat(selectors()).containsExactly("one");
        }
    }

    @Test
    void map_that_becomes_empty_is_taken_once_it_stays_so() throws Exception {
        String fell = "file " + map + ": entries fell from 1 to 0; ";
        try (RunningProxy program = start();
                Client client = new Client(port(program))) {
            Files.writeString(map, "");
            program.awaitLine(line -> line.startsWith(fell + "the previous configuration stays active"), 1);
            assertThat(client.send()).startsWith("250 ");
            Files.writeString(map, rule("two"));
            program.awaitLine("configuration reloaded"::equals, 1);
            assertThat(client.send()).startsWith("250 ");
            assertThat(selectors()).as("never used empty").containsExactly("one", "two");

            Files.writeString(map, "");
            program.awaitLine((fell + "taken, since the file stayed the same")::equals, 1);
            program.awaitLine("configuration reloaded"::equals, 2);
            assertThat(client.send()).startsWith("250 ");
            assertThat(selectors()).containsExactly("one", "two", "unsigned");
        }
    }

    @Test
    void hup_takes_a_map_that_lost_most_of_its_entries_at_once() throws Exception {
        StringBuilder hosts = new StringBuilder();
        for (int i = 0; i < 20; i++) {
            hosts.append("host").append(i).append('.').append(rule("one"));
        }
        replaceMap(hosts + rule("one"));
        try (RunningProxy program = start();
                Client client = new Client(port(program))) {
            replaceMap(rule("two"));
            program.signal("HUP").awaitLine("configuration reloaded"::equals, 1);
            assertThat(program.log())
                    .contains("file " + map + ": entries fell from 21 to 1; taken, since a reload was requested")
                    .noneMatch(line -> line.contains("stays active"));
            assertThat(client.send()).startsWith("250 ");
            assertThat(selectors()).containsExactly("two");
        }
    }

    @Test
    void conf_file_that_becomes_empty_is_held_before_it_is_refused() throws Exception {
        try (RunningProxy program = start();
                Client client = new Client(port(program))) {
            String full = Files.readString(conf);
            Files.writeString(conf, "");
            program.awaitLine(line -> line.startsWith("file " + conf + ": entries fell from 4 to 0; the previous"), 1);
            Files.writeString(conf, full + "log_level info\n");
            program.awaitLine("configuration reloaded"::equals, 1);
            assertThat(program.log()).noneMatch(line -> line.startsWith("configuration reload failed"));
            assertThat(client.send()).startsWith("250 ");
        }
    }

    @Test
    void quit_ends_with_the_last_session() throws Exception {
        try (RunningProxy program = start()) {
            int port = port(program);
            try (Client client = new Client(port)) {
                client.begin();
                program.signal("QUIT").awaitLine(line -> line.startsWith("no more clients are accepted"), 1);
                program.signal("QUIT");
                awaitRefusal(port);
                assertThat(client.end()).startsWith("250 ");
                assertThat(client.send()).startsWith("250 ");
                assertThat(program.process().isAlive()).isTrue();
            }
            assertThat(program.exitCode()).isZero();
            assertThat(program.log()).endsWith("stopped").noneMatch(line -> line.contains("thread dump"));
            assertThat(pidFile).doesNotExist();
        }
    }

    @Test
    void term_during_a_drain_stops_at_once() throws Exception {
        try (RunningProxy program = start();
                Client client = new Client(port(program))) {
            client.expect("220 ");
            program.signal("QUIT").awaitLine(line -> line.startsWith("no more clients are accepted"), 1);
            program.signal("TERM");
            client.expect("421 4.3.2 ");
            assertThat(program.exitCode()).isZero();
        }
    }

    /**
     * A tool of Java that finds no attach listener leaves this file and sends QUIT; when it gives up, it sends QUIT again and
     * removes the file at once.
     */
    @Test
    void quit_of_a_tool_of_java_does_not_drain() throws Exception {
        try (RunningProxy program = start();
                Client client = new Client(port(program))) {
            Path asked = Path.of("/tmp", ".attach_pid" + program.process().pid());
            Files.createFile(asked);
            try {
                program.signal("QUIT").awaitLine(line -> line.startsWith("signal QUIT came from a tool of Java"), 1);
            } finally {
                Files.delete(asked);
            }
            program.signal("QUIT").awaitLine(line -> line.startsWith("signal QUIT came from a tool of Java"), 2);
            assertThat(client.send()).startsWith("250 ");
            try (Client another = new Client(port(program))) {
                assertThat(another.send()).startsWith("250 ");
            }
            Thread.sleep(TIME_TO_FORGET_A_TOOL);
            program.signal("QUIT").awaitLine(line -> line.startsWith("no more clients are accepted"), 1);
        }
    }

    @Test
    void conf_file_that_is_a_pipe_is_read_once_and_not_again() throws Exception {
        Path pipe = directory.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        try (RunningProxy program = ClassPath.launch(DkimproxyOut.class, "--conf_file=" + pipe)) {
            Files.writeString(pipe, Files.readString(conf));
            try (Client client = new Client(port(program))) {
                assertThat(client.send()).startsWith("250 ");
                replaceMap(rule("two"));
                program.signal("HUP")
                        .awaitLine(
                                ("error: " + pipe + " is not a regular file, so it can be read only once;"
                                        + " changes need a restart")::equals,
                                1);
                assertThat(client.send()).startsWith("250 ");
                assertThat(selectors()).containsExactly("one", "one");
            }
            assertThat(program.signal("TERM").exitCode()).isZero();
        }
    }

    @Test
    void conf_file_that_is_a_pipe_cannot_go_to_the_background() throws Exception {
        Path pipe = directory.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        try (RunningProxy program = ClassPath.launch(DkimproxyOut.class, "--daemonize", "--conf_file=" + pipe)) {
            Files.writeString(pipe, Files.readString(conf));
            assertThat(program.exitCode()).isEqualTo(1);
            assertThat(program.log())
                    .containsExactly("Error: daemonize: " + pipe
                            + " is not a regular file, so it can be read only once, and the background"
                            + " process would have to read it again; name a file, or run in the foreground");
        }
    }

    @Test
    void pid_file_is_there_while_it_runs_and_refuses_a_second_start() throws Exception {
        try (RunningProxy program = start()) {
            port(program);
            assertThat(Files.readString(pidFile)).isEqualTo(program.process().pid() + "\n");

            try (RunningProxy second = start()) {
                assertThat(second.exitCode()).isEqualTo(1);
                assertThat(second.log())
                        .contains("Error: pidfile " + pidFile + ": process "
                                + program.process().pid()
                                + " is running; stop it first, or give this one another pidfile");
            }
            assertThat(Files.readString(pidFile)).isEqualTo(program.process().pid() + "\n");
            assertThat(program.signal("TERM").exitCode()).isZero();
            assertThat(pidFile).doesNotExist();
        }
    }

    @Test
    void pid_file_of_a_killed_program_is_replaced() throws Exception {
        long dead;
        try (RunningProxy program = start()) {
            port(program);
            dead = program.process().pid();
            program.signal("KILL").exitCode();
        }
        assertThat(pidFile).hasContent(dead + "\n");
        try (RunningProxy program = start()) {
            port(program);
            assertThat(program.log()).contains("pidfile " + pidFile + ": replaced, since no process " + dead + " runs");
            assertThat(pidFile).hasContent(program.process().pid() + "\n");
        }
    }

    private static int port(RunningProxy program) {
        return program.address().getPort();
    }

    private RunningProxy start() throws IOException {
        return ClassPath.launch(DkimproxyOut.class, "--conf_file=" + conf);
    }

    /** Of the messages that the relay has got, in their order; {@code unsigned} for one without a signature. */
    private List<String> selectors() {
        return relay.messages().stream()
                .map(message -> SELECTOR.matcher(message.text()))
                .map(found -> found.find() ? found.group(1) : "unsigned")
                .toList();
    }

    private String rule(String selector) {
        return "example.org dkim(s=" + selector + ",key=" + key + ")\n";
    }

    private void replaceMap(String content) throws IOException {
        Path next = Files.writeString(directory.resolve("map.new"), content);
        Files.move(next, map, StandardCopyOption.ATOMIC_MOVE);
    }

    private static void awaitRefusal(int port) {
        assertThatThrownBy(() -> {
                    while (true) {
                        new Socket(InetAddress.getLoopbackAddress(), port).close();
                    }
                })
                .isInstanceOf(IOException.class);
    }

    /** Sends messages, each in a session of its own; returns how many were taken. */
    private static int sendUntil(AtomicBoolean enough, int port) {
        int taken = 0;
        while (!enough.get()) {
            try (Client client = new Client(port)) {
                assertThat(client.send()).startsWith("250 ");
                taken++;
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }
        return taken;
    }

    /** A client that sends one message after the other. */
    private static final class Client implements AutoCloseable {
        private final Socket socket;
        private final BufferedReader in;
        private boolean greeted;

        Client(int port) throws IOException {
            socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setSoTimeout(30_000);
            in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
        }

        /** The reply to the end of a message. */
        String send() throws IOException {
            begin();
            return end();
        }

        void begin() throws IOException {
            if (!greeted) {
                expect("220 ");
                greeted = true;
            }
            for (String command : List.of("MAIL FROM:<a@example.org>", "RCPT TO:<b@example.net>")) {
                say(command + "\r\n");
                expect("250 ");
            }
            say("DATA\r\n");
            expect("354 ");
            say("From: a@example.org\r\nSubject: x\r\n\r\nbody\r\n");
        }

        String end() throws IOException {
            say(".\r\n");
            return in.readLine();
        }

        void expect(String code) throws IOException {
            assertThat(in.readLine()).startsWith(code);
        }

        private void say(String text) throws IOException {
            OutputStream out = socket.getOutputStream();
            out.write(text.getBytes(StandardCharsets.US_ASCII));
            out.flush();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
