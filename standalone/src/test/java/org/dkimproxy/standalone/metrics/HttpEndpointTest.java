package org.dkimproxy.standalone.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.dkimproxy.standalone.log.DkimproxyLog;
import org.dkimproxy.standalone.log.LogLevel;
import org.dkimproxy.standalone.net.HostPort;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class HttpEndpointTest {
    private static final HostPort ANY_PORT = new HostPort("127.0.0.1", 0);

    private final List<AutoCloseable> open = new ArrayList<>();
    private final Log log = new Log();
    private final AtomicBoolean accepting = new AtomicBoolean(true);

    private static final class Log implements DkimproxyLog {
        private final List<String> lines = new CopyOnWriteArrayList<>();

        @Override
        public void log(LogLevel level, String message) {
            lines.add(level.word() + " " + message);
        }

        @Override
        public boolean isWanted(LogLevel level) {
            return true;
        }
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
    }

    private HttpEndpoint start(Duration life, Function<HttpRequest, HttpResponse> pages) throws IOException {
        return start(new HttpTimeouts(life.dividedBy(2), life, HttpTimeouts.DEFAULT.grace()), pages);
    }

    private HttpEndpoint start(HttpTimeouts timeouts, Function<HttpRequest, HttpResponse> pages) throws IOException {
        HttpEndpoint endpoint = HttpEndpoint.bind(ANY_PORT, timeouts);
        open.add(endpoint);
        endpoint.start(pages, log);
        return endpoint;
    }

    private HttpEndpoint start() throws IOException {
        return start(Duration.ofSeconds(20), new MetricsPages(new PrometheusMetrics(), accepting::get));
    }

    private Socket connect(HttpEndpoint endpoint) throws IOException {
        Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), endpoint.address().port());
        open.add(socket);
        socket.setSoTimeout(30_000);
        return socket;
    }

    private static void say(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().flush();
    }

    private static String rest(Socket socket) throws IOException {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    private String ask(HttpEndpoint endpoint, String request) throws IOException {
        Socket socket = connect(endpoint);
        say(socket, request);
        return rest(socket);
    }

    @ParameterizedTest
    @CsvSource(
            value = {
                "GET /healthz HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n     | 200 OK                 | ok\\n",
                "GET /healthz?full=1 HTTP/1.0\\r\\n\\r\\n            | 200 OK                 | ok\\n",
                "GET /healthz HTTP/1.1\\n\\n                         | 200 OK                 | ok\\n",
                "HEAD /healthz HTTP/1.1\\r\\n\\r\\n                  | 200 OK                 | ''",
                "GET /healthzz HTTP/1.1\\r\\n\\r\\n                  | 404 Not Found          | here are only /metrics and /healthz\\n",
                "GET / HTTP/1.1\\r\\n\\r\\n                          | 404 Not Found          | here are only /metrics and /healthz\\n",
                "POST /metrics HTTP/1.1\\r\\nA: b\\r\\n\\r\\nbody     | 405 Method Not Allowed | only GET and HEAD\\n",
                "EHLO example.org\\r\\n\\r\\n                        | 400 Bad Request        | not an HTTP/1 request of moderate length\\n",
                "get /healthz HTTP/1.1\\r\\n\\r\\n                   | 400 Bad Request        | not an HTTP/1 request of moderate length\\n",
                "GET /healthz HTTP/2.0\\r\\n\\r\\n                   | 400 Bad Request        | not an HTTP/1 request of moderate length\\n",
                "\\r\\n                                              | 400 Bad Request        | not an HTTP/1 request of moderate length\\n",
            },
            delimiter = '|')
    void request_and_response(String request, String status, String body) throws IOException {
        String response = ask(start(), request.translateEscapes());

        assertThat(response).startsWith("HTTP/1.1 " + status + "\r\nContent-Type: text/plain; charset=utf-8\r\n");
        assertThat(response).endsWith("\r\nConnection: close\r\n\r\n" + body.translateEscapes());
        assertThat(response.contains("\r\nAllow: GET, HEAD\r\n")).isEqualTo(status.startsWith("405"));
    }

    @Test
    void head_says_how_long_the_body_would_be() throws IOException {
        assertThat(ask(start(), "HEAD /healthz HTTP/1.1\r\n\r\n")).contains("\r\nContent-Length: 3\r\n");
    }

    @Test
    void health_is_that_clients_are_accepted() throws IOException {
        HttpEndpoint endpoint = start();
        accepting.set(false);

        assertThat(ask(endpoint, "GET /healthz HTTP/1.1\r\n\r\n"))
                .startsWith("HTTP/1.1 503 Service Unavailable\r\n")
                .endsWith("\r\n\r\nstopping: no more clients are accepted\n");
    }

    @Test
    void metrics_come_in_the_format_that_is_asked_for() throws IOException {
        HttpEndpoint endpoint = start();
        String text = ask(endpoint, "GET /metrics HTTP/1.1\r\nAccept: */*\r\n\r\n");
        String open = ask(
                endpoint,
                "GET /metrics HTTP/1.1\r\naccept: application/openmetrics-text;version=1.0.0,text/plain;q=0.5\r\n\r\n");

        assertThat(text)
                .contains("\r\nContent-Type: text/plain; version=0.0.4; charset=utf-8\r\n")
                .contains("\n# TYPE dkimproxy_messages_total counter\n");
        assertThat(Scrape.of(text.substring(text.indexOf("\r\n\r\n") + 4)))
                .containsEntry("dkimproxy_active_sessions", 0.0);
        assertThat(open)
                .contains("\r\nContent-Type: application/openmetrics-text; version=1.0.0; charset=utf-8\r\n")
                .endsWith("\n# EOF\n");
    }

    @Test
    void request_without_end_is_refused_at_the_limit() throws IOException {
        String request = "GET /healthz HTTP/1.1\r\nX: " + "x".repeat(HttpRequest.LIMIT);

        assertThat(ask(start(), request)).startsWith("HTTP/1.1 400 Bad Request\r\n");
    }

    /** A byte now and then would keep any wait for the next byte from ending. */
    @ParameterizedTest
    @ValueSource(strings = {"", "GET /healthz HT"})
    void clients_that_never_end_their_request_are_closed_and_hold_nobody_up(String part) throws Exception {
        HttpEndpoint endpoint = start(Duration.ofMillis(500), _ -> HttpResponse.ok("ok"));
        List<Socket> stuck = new ArrayList<>();
        for (int i = 0; i < HttpEndpoint.MAX_CONNECTIONS; i++) {
            Socket socket = connect(endpoint);
            say(socket, part);
            stuck.add(socket);
        }
        Thread drip = Thread.ofVirtual().start(() -> dripInto(stuck.getFirst()));

        assertThat(ask(endpoint, "GET /healthz HTTP/1.1\r\n\r\n")).endsWith("\r\n\r\nok\n");
        for (Socket socket : stuck.subList(1, stuck.size())) {
            assertThat(rest(socket)).isEmpty();
        }
        assertThat(drip.join(Duration.ofSeconds(30))).isTrue();
    }

    /** Each connects, sends an octet now and then, and connects again as soon as it is closed. */
    @ParameterizedTest
    @ValueSource(ints = {48, 200})
    void slow_clients_that_reconnect_do_not_delay_the_health(int count) throws Exception {
        HttpEndpoint endpoint = start(HttpTimeouts.DEFAULT, new MetricsPages(new PrometheusMetrics(), accepting::get));
        AtomicBoolean enough = new AtomicBoolean();
        CountDownLatch connected = new CountDownLatch(count);
        List<Thread> clients = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            clients.add(Thread.ofVirtual().start(() -> {
                while (!enough.get()) {
                    try (Socket socket = new Socket(
                            InetAddress.getLoopbackAddress(), endpoint.address().port())) {
                        connected.countDown();
                        dripInto(socket, enough);
                    } catch (IOException _) {
                        // closed by the endpoint: connect again
                    }
                }
            }));
        }
        assertThat(connected.await(5, TimeUnit.SECONDS)).isTrue();

        for (int i = 0; i < 10; i++) {
            long begin = System.nanoTime();
            assertThat(ask(endpoint, "GET /healthz HTTP/1.1\r\n\r\n")).endsWith("\r\n\r\nok\n");
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(1));
            Thread.sleep(200);
        }
        enough.set(true);
        for (Thread client : clients) {
            assertThat(client.join(Duration.ofSeconds(10))).isTrue();
        }
    }

    private static void dripInto(Socket socket, AtomicBoolean enough) throws IOException {
        say(socket, "GET /healthz HTTP/1.1\r\nX: ");
        socket.setSoTimeout(200);
        while (!enough.get()) {
            say(socket, "x");
            try {
                if (socket.getInputStream().read() < 0) {
                    return;
                }
            } catch (SocketTimeoutException _) {
                // not closed yet
            }
        }
    }

    private static void dripInto(Socket socket) {
        try {
            while (true) {
                say(socket, "x");
                Thread.sleep(20);
            }
        } catch (IOException | InterruptedException _) {
            // the endpoint has closed the connection, which is what it is to do
        }
    }

    @Test
    void client_that_does_not_read_is_closed_and_holds_nobody_up() throws Exception {
        String large = "x".repeat(64 * 1024 * 1024);
        HttpEndpoint endpoint = start(
                Duration.ofMillis(500),
                request -> HttpResponse.ok("text/plain", request.path().equals("/large") ? large : "small"));
        Socket stuck = connect(endpoint);
        say(stuck, "GET /large HTTP/1.1\r\n\r\n");

        assertThat(ask(endpoint, "GET / HTTP/1.1\r\n\r\n")).endsWith("\r\n\r\nsmall");
        awaitLine("debug metrics client gone: ");
        assertThatThrownBy(() -> assertThat(rest(stuck)).hasSizeGreaterThan(large.length()))
                .isInstanceOfAny(IOException.class, AssertionError.class);
    }

    @Test
    void only_so_many_are_served_at_once_and_the_others_come_afterwards() throws Exception {
        AtomicInteger served = new AtomicInteger();
        CountDownLatch full = new CountDownLatch(HttpEndpoint.MAX_CONNECTIONS);
        CountDownLatch goOn = new CountDownLatch(1);
        Duration forever = Duration.ofSeconds(60);
        HttpEndpoint endpoint = start(new HttpTimeouts(forever, forever, forever), _ -> {
            served.incrementAndGet();
            full.countDown();
            await(goOn);
            return HttpResponse.ok("ok");
        });
        List<CompletableFuture<String>> answers = new ArrayList<>();
        for (int i = 0; i < HttpEndpoint.MAX_CONNECTIONS + 4; i++) {
            Socket socket = connect(endpoint);
            say(socket, "GET / HTTP/1.1\r\n\r\n");
            answers.add(CompletableFuture.supplyAsync(() -> {
                try {
                    return rest(socket);
                } catch (IOException e) {
                    return e.toString();
                }
            }));
        }
        assertThat(full.await(20, TimeUnit.SECONDS)).isTrue();
        Thread.sleep(200);
        assertThat(served).hasValue(HttpEndpoint.MAX_CONNECTIONS);

        goOn.countDown();
        for (CompletableFuture<String> answer : answers) {
            assertThat(answer.get(20, TimeUnit.SECONDS)).endsWith("\r\n\r\nok\n");
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void fault_of_one_request_is_logged_and_ends_that_request_only() throws Exception {
        HttpEndpoint endpoint = start(Duration.ofSeconds(20), request -> {
            if (request.path().equals("/fault")) {
                throw new IllegalStateException("broken");
            }
            return HttpResponse.ok("ok");
        });

        assertThat(ask(endpoint, "GET /fault HTTP/1.1\r\n\r\n")).isEmpty();
        awaitLine("error metrics request lost: java.lang.IllegalStateException: broken at ");
        assertThat(ask(endpoint, "GET / HTTP/1.1\r\n\r\n")).endsWith("\r\n\r\nok\n");
    }

    @Test
    void address_that_is_taken_is_named() throws IOException {
        HostPort taken = start().address();

        assertThatThrownBy(() -> HttpEndpoint.bind(taken))
                .isInstanceOf(IOException.class)
                .hasMessage("cannot listen on " + taken
                        + ": Address already in use; another dkimproxy.out or mail server may"
                        + " hold it: see ss -ltnp sport = :" + taken.port());
    }

    private void awaitLine(String begin) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (log.lines.stream().noneMatch(line -> line.startsWith(begin))) {
            assertThat(System.nanoTime())
                    .as("no line " + begin + " in " + log.lines)
                    .isLessThan(deadline);
            Thread.sleep(10);
        }
    }
}
