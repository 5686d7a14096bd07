package org.dkimproxy.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.dkimproxy.testkit.RunningProxy;
import org.dkimproxy.testkit.SmtpSink;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Attackers hold what an honest client needs of the built program, with its real time limits, and connect again as soon
 * as they are disconnected. How long the honest client waits is measured.
 */
@Timeout(120)
class HostileClientsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int CONNECTIONS = 5;
    private static final String ENVELOPE = "MAIL FROM:<a@example.org>\r\nRCPT TO:<b@example.org>\r\n";
    private static final String LINE = "0123456789".repeat(7) + "\r\n";

    @TempDir
    Path folder;

    private TestKeys keys;

    /** What an attacker says at once, and then every {@code pauseSeconds}; 0 means without a pause and without reading. */
    private record Attack(String name, String first, String again, int pauseSeconds) {}

    private static final List<Attack> ATTACKS = List.of(
            new Attack("silence", "", "", 8),
            new Attack("burst, then a trickle", ENVELOPE + "DATA\r\n" + LINE.repeat(5_000), "x", 8),
            new Attack("NOOP", "", "NOOP\r\n", 8),
            new Attack("RSET", "", "RSET\r\n", 8),
            new Attack("RCPT", "MAIL FROM:<>\r\n", "RCPT TO:<b@example.org>\r\n", 8),
            new Attack("unknown commands", "", "FOO\r\n", 8),
            new Attack("replies never read", "", "EHLO x\r\n".repeat(1_000), 0));

    @BeforeEach
    void prepare() throws Exception {
        keys = TestKeys.generate(folder);
    }

    @Test
    void an_honest_client_is_served_within_15_seconds_though_all_connections_are_taken() throws Exception {
        try (SmtpSink relay = SmtpSink.start();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Duration>> waits = new ArrayList<>();
            for (Attack attack : ATTACKS) {
                waits.add(
                        threads.submit(() -> waitBeside(attack, CONNECTIONS, CONNECTIONS, relay.address(), "hi\r\n")));
            }
            for (int i = 0; i < waits.size(); i++) {
                assertThat(waits.get(i).get()).as(ATTACKS.get(i).name()).isLessThan(Duration.ofSeconds(15));
            }
        }
    }

    @Test
    void a_message_gets_room_in_the_spool_within_30_seconds() throws Exception {
        Attack fillsTheSpool = new Attack("spool", ENVELOPE + "DATA\r\n" + LINE.repeat(14_000), "x", 8);
        try (SmtpSink relay = SmtpSink.start()) {
            assertThat(waitBeside(fillsTheSpool, 1, CONNECTIONS, relay.address(), LINE.repeat(10_000)))
                    .isLessThan(Duration.ofSeconds(30));
        }
    }

    @Test
    void ten_silent_clients_do_not_occupy_ten_processes_of_the_relay() throws Exception {
        Attack silence = ATTACKS.getFirst();
        try (SmtpSink relay = SmtpSink.start(SmtpSink.Script.ACCEPT, 10)) {
            assertThat(waitBeside(silence, 10, 50, relay.address(), "hi\r\n")).isLessThan(Duration.ofSeconds(20));
        }
    }

    /** Half of the connections is the share of 192.0.2.2, which is never slow, and has more clients than there are connections. */
    @Test
    void a_client_of_another_address_is_served_though_one_address_keeps_all_connections_busy() throws Exception {
        Requirements.networkNamespaces();
        Path conf = Files.writeString(
                folder.resolve("conf"),
                "listen 192.0.2.1:10027\nrelay 192.0.2.1:10028\nkeyfile " + keys.rsaFile()
                        + "\nselector s\ndomain example.org\nmax_servers 4\n");
        Programs.Result result = Programs.run(
                PATIENCE,
                List.of(
                        "unshare",
                        "--net",
                        "python3",
                        Programs.script("client-share.py"),
                        "12",
                        Tree.ROOT.resolve("bin/dkimproxy.out").toString(),
                        "--conf_file=" + conf));

        assertThat(result.exit()).as(result.errors()).isZero();
        assertThat(Double.parseDouble(result.output().strip())).isLessThan(5);
        assertThat(result.errors()).contains("ended: its network has more than its share of max_servers");
    }

    /** Takes seven minutes: 25 MB at 64 kB/s while another client waits for the only connection all the time. */
    @Test
    @Tag("long")
    @Timeout(900)
    void a_long_message_at_64_kilobytes_a_second_passes_under_overload() throws Exception {
        try (SmtpSink relay = SmtpSink.start();
                RunningProxy proxy = start(relay.address(), 1, 64 << 20);
                Socket slow = connect(proxy);
                Attackers _ = new Attackers(proxy, 1, ATTACKS.getFirst())) {
            say(slow, ENVELOPE + "DATA\r\n");
            byte[] second =
                    "0123456789abcdef".repeat(63).concat("\r\n").repeat(64).getBytes(StandardCharsets.US_ASCII);
            for (int i = 0; i < 25_000_000 / second.length; i++) {
                slow.getOutputStream().write(second);
                Thread.sleep(1000);
            }
            say(slow, ".\r\nQUIT\r\n");
            assertThat(rest(slow)).containsPattern("\r\n354 .*\r\n250 .*\r\n221 ");
        }
    }

    private Duration waitBeside(Attack attack, int attackers, int connections, InetSocketAddress relay, String body)
            throws Exception {
        try (RunningProxy proxy = start(relay, connections, 1 << 20);
                Attackers _ = new Attackers(proxy, attackers, attack)) {
            Thread.sleep(1500);
            long begin = System.nanoTime();
            try (Socket honest = connect(proxy)) {
                say(honest, ENVELOPE + "DATA\r\nSubject: x\r\n\r\n" + body + ".\r\nQUIT\r\n");
                assertThat(rest(honest)).as(attack.name()).contains("\r\n250 ").contains("\r\n354 ");
            }
            return Duration.ofNanos(System.nanoTime() - begin);
        }
    }

    private RunningProxy start(InetSocketAddress relay, int connections, int spoolBudget) throws Exception {
        Path conf = Files.createTempFile(folder, "conf", "");
        Files.writeString(
                conf,
                "listen 127.0.0.1:0\nrelay 127.0.0.1:" + relay.getPort() + "\nkeyfile " + keys.rsaFile()
                        + "\nselector s\ndomain example.org\nmax_servers " + connections + "\nspool_budget "
                        + spoolBudget + "\n");
        return RunningProxy.start(Tree.ROOT, PATIENCE, "--conf_file=" + conf);
    }

    /** Clients that all do the same, and connect again as soon as they are disconnected. */
    private static final class Attackers implements AutoCloseable {
        private final RunningProxy proxy;
        private final Attack attack;
        private final List<Thread> threads = new ArrayList<>();
        private volatile boolean over;

        Attackers(RunningProxy proxy, int count, Attack attack) {
            this.proxy = proxy;
            this.attack = attack;
            for (int i = 0; i < count; i++) {
                threads.add(Thread.ofVirtual().start(this::run));
            }
        }

        private void run() {
            while (!over) {
                try (Socket client = connect(proxy)) {
                    say(client, attack.first());
                    if (attack.again().isEmpty()) {
                        rest(client);
                    }
                    while (!attack.again().isEmpty()) {
                        Thread.sleep(Duration.ofSeconds(attack.pauseSeconds()));
                        say(client, attack.again());
                    }
                } catch (IOException disconnected) {
                    // once more
                } catch (InterruptedException interrupted) {
                    return;
                }
            }
        }

        @Override
        public void close() {
            over = true;
            threads.forEach(Thread::interrupt);
        }
    }

    private static Socket connect(RunningProxy proxy) throws IOException {
        Socket socket = new Socket();
        socket.connect(proxy.address());
        socket.setSoTimeout((int) PATIENCE.toMillis());
        return socket;
    }

    private static void say(Socket client, String text) throws IOException {
        client.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static String rest(Socket client) throws IOException {
        return new String(client.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    }
}
