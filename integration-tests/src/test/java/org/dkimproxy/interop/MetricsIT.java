package org.dkimproxy.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
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

/** The metrics and the health of the built program, read over HTTP while it works. */
@Timeout(180)
class MetricsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String FAILED = "configuration reload failed; the previous configuration stays active";

    @TempDir
    static Path keyFolder;

    private static TestKeys keys;

    @TempDir
    Path folder;

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(PATIENCE)
            .build();
    private Path map;
    private Path conf;

    @BeforeAll
    static void makeKeys() throws Exception {
        keys = TestKeys.generate(keyFolder);
    }

    @BeforeEach
    void configure() throws IOException {
        map = folder.resolve("sender_map");
        writeMap("s=one");
        conf = folder.resolve("dkimproxy_out.conf");
        write(conf, "listen 127.0.0.1:0\nsender_map " + map + "\nmetrics_listen 127.0.0.1:0\n");
    }

    private void writeMap(String selector) throws IOException {
        write(
                map,
                "example.org dkim(" + selector + ",key=" + keys.rsaFile() + "), dkim(a=ed25519-sha256," + selector
                        + ",key=" + keys.ed25519File() + ")\nunsigned.example.org \n");
    }

    private static void write(Path file, String text) throws IOException {
        Files.writeString(file, text, StandardCharsets.UTF_8);
    }

    private RunningProxy start(int relayPort) throws IOException, InterruptedException {
        return RunningProxy.start(Tree.ROOT, PATIENCE, "--conf_file=" + conf, "--relay=127.0.0.1:" + relayPort);
    }

    private RunningProxy start(SmtpSink relay) throws IOException, InterruptedException {
        return start(relay.address().getPort());
    }

    /** The port that the log names. */
    private static int metricsPort(RunningProxy proxy) throws InterruptedException {
        String line = awaitLine(proxy, text -> text.startsWith("metrics on http://127.0.0.1:"));
        return Integer.parseInt(line.replaceAll(".*:([0-9]+)/metrics", "$1"));
    }

    private static String awaitLine(RunningProxy proxy, Predicate<String> kind) throws InterruptedException {
        return proxy.awaitLine(kind, PATIENCE);
    }

    private HttpResponse<String> get(int port, String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(PATIENCE)
                .build();
        return http.send(request, HttpResponse.BodyHandlers.ofString());
    }

    /** Every sample of the proxy itself that is not zero, by its name without the prefix. */
    private Map<String, Double> counts(int port) throws IOException, InterruptedException {
        HttpResponse<String> page = get(port, "/metrics");
        assertThat(page.statusCode()).isEqualTo(200);
        Map<String, Double> counts = new HashMap<>();
        page.body().lines().filter(line -> line.startsWith("dkimproxy_")).forEach(line -> {
            int blank = line.lastIndexOf(' ');
            double value = Double.parseDouble(line.substring(blank + 1));
            if (value != 0) {
                counts.put(line.substring("dkimproxy_".length(), blank), value);
            }
        });
        return counts;
    }

    private void awaitCount(int port, String name, double value) throws IOException, InterruptedException {
        if (!Await.holds(() -> counts(port).getOrDefault(name, 0.0) == value, PATIENCE)) {
            throw new AssertionError(name + " is not " + value + " in " + counts(port));
        }
    }

    private static int send(RunningProxy proxy, String header) throws IOException {
        byte[] message = (header + "\r\n\r\nHello\r\n").getBytes(StandardCharsets.ISO_8859_1);
        try (SmtpSender sender = SmtpSender.connect(proxy.address(), PATIENCE)) {
            sender.readReply();
            return sender.transact("joe@example.org", List.of("suzie@example.net"), message)
                    .code();
        }
    }

    @Test
    void what_becomes_of_messages_is_counted_while_somebody_reads_the_counts() throws Exception {
        AtomicBoolean enough = new AtomicBoolean();
        try (SmtpSink relay = SmtpSink.start();
                RunningProxy proxy = start(relay)) {
            int port = metricsPort(proxy);
            CompletableFuture<Integer> scraper = CompletableFuture.supplyAsync(() -> scrapeUntil(enough, port));
            for (int i = 0; i < 20; i++) {
                assertThat(send(proxy, "From: joe@example.org")).isEqualTo(250);
            }
            assertThat(send(proxy, "From: joe@elsewhere.example")).isEqualTo(250);
            assertThat(send(proxy, "From: joe@unsigned.example.org")).isEqualTo(250);
            assertThat(send(proxy, "From: joe@example.org\r\nFrom: eve@example.org"))
                    .isEqualTo(250);
            assertThat(send(proxy, "From: joe@example.org\r\nSubject: \0")).isEqualTo(550);
            enough.set(true);
            assertThat(scraper.get(60, TimeUnit.SECONDS)).isPositive();
            awaitCount(port, "active_sessions", 0);

            assertThat(counts(port))
                    .containsEntry("sessions_total", 24.0)
                    .containsEntry("messages_total{outcome=\"signed\",reason=\"\"}", 20.0)
                    .containsEntry("messages_total{outcome=\"skipped\",reason=\"no_rule\"}", 1.0)
                    .containsEntry("messages_total{outcome=\"skipped\",reason=\"rule_without_signature\"}", 1.0)
                    .containsEntry("messages_total{outcome=\"failed_passed\",reason=\"permanent\"}", 1.0)
                    .containsEntry("messages_total{outcome=\"refused\",reason=\"nul\"}", 1.0)
                    .containsEntry("signatures_total{algorithm=\"rsa-sha256\"}", 20.0)
                    .containsEntry("signatures_total{algorithm=\"ed25519-sha256\"}", 20.0)
                    .containsEntry("signing_seconds_count", 20.0)
                    .containsEntry("relay_answers_total{answer=\"accepted\"}", 23.0)
                    .hasEntrySatisfying(
                            "message_bytes_total{direction=\"relayed\"}",
                            relayed -> assertThat(relayed)
                                    .isEqualTo(relay.messages().stream()
                                            .mapToInt(message -> message.data().length)
                                            .sum()))
                    .doesNotContainKeys(
                            "relay_failures_total{kind=\"lost\"}", "messages_total{outcome=\"lost\",reason=\"fault\"}");
        }
    }

    private int scrapeUntil(AtomicBoolean enough, int port) {
        int scrapes = 0;
        try {
            while (!enough.get()) {
                counts(port);
                scrapes++;
            }
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
        return scrapes;
    }

    @Test
    void a_message_that_cannot_be_signed_counts_as_refused_where_that_is_asked_for() throws Exception {
        write(conf, Files.readString(conf, StandardCharsets.UTF_8) + "reject_error\n");
        try (SmtpSink relay = SmtpSink.start();
                RunningProxy proxy = start(relay)) {
            int port = metricsPort(proxy);

            assertThat(send(proxy, "From: joe@example.org\r\nFrom: eve@example.org"))
                    .isEqualTo(550);
            assertThat(counts(port))
                    .containsEntry("messages_total{outcome=\"failed_refused\",reason=\"permanent\"}", 1.0);
            assertThat(relay.messages()).isEmpty();
        }
    }

    @Test
    void a_relay_that_is_down_is_counted_and_leaves_the_proxy_healthy() throws Exception {
        int nobody;
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nobody = taken.getLocalPort();
        }
        try (RunningProxy proxy = start(nobody);
                SmtpSender sender = SmtpSender.connect(proxy.address(), PATIENCE)) {
            assertThat(sender.readReply().code()).isEqualTo(421);

            assertThat(counts(metricsPort(proxy))).containsEntry("relay_failures_total{kind=\"unreachable\"}", 1.0);
            assertThat(get(metricsPort(proxy), "/healthz").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void reloads_are_counted_by_their_result() throws Exception {
        try (SmtpSink relay = SmtpSink.start();
                RunningProxy proxy = start(relay)) {
            int port = metricsPort(proxy);

            write(map, "example.org dkim(s=two,c=odd)\n");
            awaitCount(port, "reloads_total{result=\"failure\"}", 1);
            assertThat(proxy.log()).contains(FAILED);
            writeMap("s=three");
            awaitCount(port, "reloads_total{result=\"success\"}", 1);
            assertThat(counts(port)).containsEntry("reloads_total{result=\"failure\"}", 1.0);
            assertThat(send(proxy, "From: joe@example.org")).isEqualTo(250);
        }
    }

    @Test
    void another_address_needs_a_restart() throws Exception {
        try (SmtpSink relay = SmtpSink.start();
                RunningProxy proxy = start(relay)) {
            int port = metricsPort(proxy);
            String text = Files.readString(conf, StandardCharsets.UTF_8);
            write(conf, text.replace("metrics_listen 127.0.0.1:0", "metrics_listen 127.0.0.1:1"));

            awaitLine(proxy, "changed, but without effect until a restart: metrics_listen"::equals);
            awaitCount(port, "reloads_total{result=\"success\"}", 1);
        }
    }

    @Test
    void health_is_that_clients_are_accepted() throws Exception {
        try (SmtpSink relay = SmtpSink.start();
                RunningProxy proxy = start(relay)) {
            int port = metricsPort(proxy);
            try (SmtpSender sender = SmtpSender.connect(proxy.address(), PATIENCE)) {
                sender.readReply();
                HttpResponse<String> healthy = get(port, "/healthz");
                assertThat(healthy.statusCode()).isEqualTo(200);
                assertThat(healthy.body()).isEqualTo("ok\n");

                SignalSender.send("QUIT", proxy.process().pid());
                awaitLine(proxy, line -> line.startsWith("no more clients are accepted"));
                HttpResponse<String> draining = get(port, "/healthz");
                assertThat(draining.statusCode()).isEqualTo(503);
                assertThat(draining.body()).isEqualTo("stopping: no more clients are accepted\n");
                assertThat(counts(port)).containsEntry("active_sessions", 1.0);
                sender.command("QUIT");
            }
            assertThat(proxy.process().waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .isTrue();
            assertThat(proxy.process().exitValue()).isZero();
            assertThatThrownBy(() -> get(port, "/healthz")).isInstanceOf(ConnectException.class);
        }
    }

    @Test
    void an_address_that_is_taken_stops_the_start() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String address = "127.0.0.1:" + taken.getLocalPort();
            Programs.Result result = Programs.run(
                    PATIENCE,
                    List.of(
                            Tree.program("dkimproxy.out"),
                            "--conf_file=" + conf,
                            "--relay=127.0.0.1:25",
                            "--metrics_listen=" + address));

            assertThat(result.exit()).isEqualTo(1);
            assertThat(result.errors())
                    .contains("Error: cannot listen on " + address + ": Address already in use; ")
                    .doesNotContain("\tat ")
                    .doesNotContain("listening on");
        }
    }

    /** Bounded: the attack lasts for about five seconds. */
    @Test
    void slow_scrapers_that_reconnect_delay_neither_the_health_nor_mail() throws Exception {
        AtomicBoolean enough = new AtomicBoolean();
        List<Thread> scrapers = new ArrayList<>();
        try (SmtpSink relay = SmtpSink.start();
                RunningProxy proxy = start(relay)) {
            int port = metricsPort(proxy);
            for (int i = 0; i < 48; i++) {
                scrapers.add(Thread.ofVirtual().start(() -> scrapeSlowly(port, enough)));
            }

            for (int i = 0; i < 5; i++) {
                Thread.sleep(1000);
                long begin = System.nanoTime();
                assertThat(get(port, "/healthz").statusCode()).isEqualTo(200);
                assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(1));
                assertThat(send(proxy, "From: joe@example.org")).isEqualTo(250);
            }
            assertThat(counts(port)).containsEntry("messages_total{outcome=\"signed\",reason=\"\"}", 5.0);
        } finally {
            enough.set(true);
            for (Thread scraper : scrapers) {
                scraper.join();
            }
        }
    }

    /** Sends an octet of a request now and then, and connects again as soon as it is closed. */
    private static void scrapeSlowly(int port, AtomicBoolean enough) {
        while (!enough.get()) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                socket.setSoTimeout(200);
                OutputStream out = socket.getOutputStream();
                out.write("GET /metrics HTTP/1.1\r\nHost: ".getBytes(StandardCharsets.US_ASCII));
                while (!enough.get() && isOpen(socket)) {
                    out.write('x');
                }
            } catch (IOException e) {
                // closed by the proxy
            }
        }
    }

    /** Waits a moment for the proxy to close the connection. */
    private static boolean isOpen(Socket socket) throws IOException {
        try {
            return socket.getInputStream().read() >= 0;
        } catch (SocketTimeoutException e) {
            return true;
        }
    }
}
