package org.dkimproxy.standalone.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.dkimproxy.signing.SigningOutcome;
import org.dkimproxy.standalone.access.AccessPolicy;
import org.dkimproxy.standalone.access.Network;
import org.dkimproxy.standalone.config.BareNewline;
import org.dkimproxy.standalone.metrics.Scrape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each thing that can happen in a session moves exactly its counters, and no other. */
@Timeout(60)
class CountedEventsTest {
    private static final String TO_DATA = "MAIL FROM:<>\r\nRCPT TO:<b@example.org>\r\nDATA\r\n";
    private static final String MESSAGE = "From: a@example.org\r\n\r\n..\r\n";

    /** Of {@link #MESSAGE}, whose doubled dot counts once. */
    private static final int OCTETS = MESSAGE.length() - 1;

    private static final int SIGNED_OCTETS = OCTETS + FakeSigner.FIELD.length() + 2;
    private static final ScriptedRelay.Script TAKES = line -> line.upToData().takeMessage("250 queued");

    @TempDir
    static Path directory;

    /**
     * A session with one message.
     *
     * @param relay what the relay does
     * @param setup how the proxy differs from the plain one
     * @param client what is said after DATA
     * @param moved what is counted beside the session, as {@code name value} with commas between
     */
    record Case(
            String name,
            ScriptedRelay.Script relay,
            UnaryOperator<ProxyUnderTest.Setup> setup,
            String client,
            String moved) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static SigningOutcome skipped(SigningOutcome.Cause cause) {
        return new SigningOutcome.Skipped(cause, "no", FakeSigner.SUMMARY);
    }

    private static SigningOutcome failed(SigningOutcome.Kind kind) {
        return new SigningOutcome.Failed(kind, "no", FakeSigner.SUMMARY);
    }

    private static String message(String outcome, String reason, int octets) {
        return "messages_total{outcome=\"" + outcome + "\",reason=\"" + reason + "\"} 1"
                + (octets == 0 ? "" : "; message_bytes_total{direction=\"received\"} " + octets);
    }

    private static String answered(String answer, int octets) {
        return "; relay_answers_total{answer=\"" + answer + "\"} 1; message_bytes_total{direction=\"relayed\"} "
                + octets;
    }

    private static String relayFailed(String kind) {
        return "; relay_failures_total{kind=\"" + kind + "\"} 1";
    }

    private static final String MADE = "; signatures_total{algorithm=\"rsa-sha256\"} 1; signing_seconds_count 1";

    static Stream<Case> cases() {
        return Stream.of(
                        List.of(
                                new Case(
                                        "signed",
                                        TAKES,
                                        setup -> setup,
                                        MESSAGE + ".\r\n",
                                        message("signed", "", OCTETS) + answered("accepted", SIGNED_OCTETS) + MADE),
                                new Case(
                                        "signed, and put off by the relay",
                                        line -> line.upToData().takeMessage("451 4.3.0 later"),
                                        setup -> setup,
                                        MESSAGE + ".\r\n",
                                        message("signed", "", OCTETS) + answered("deferred", SIGNED_OCTETS) + MADE),
                                new Case(
                                        "signed, and not taken by the relay",
                                        line -> line.upToData().takeMessage("554 5.7.1 no"),
                                        setup -> setup,
                                        MESSAGE + ".\r\n",
                                        message("signed", "", OCTETS) + answered("rejected", SIGNED_OCTETS) + MADE)),
                        skippedAndFailed(),
                        refused(),
                        lost())
                .flatMap(List::stream);
    }

    private static List<Case> skippedAndFailed() {
        return List.of(
                passed("no rule", skipped(SigningOutcome.Cause.NO_RULE), "skipped", "no_rule"),
                passed(
                        "no originator",
                        skipped(SigningOutcome.Cause.UNKNOWN_ORIGINATOR),
                        "skipped",
                        "unknown_originator"),
                passed(
                        "rule without signature",
                        skipped(SigningOutcome.Cause.RULE_WITHOUT_SIGNATURE),
                        "skipped",
                        "rule_without_signature"),
                passed(
                        "foreign DomainKeys",
                        skipped(SigningOutcome.Cause.FOREIGN_DOMAINKEYS),
                        "skipped",
                        "foreign_domainkeys"),
                passed("failed for now", failed(SigningOutcome.Kind.TEMPORARY), "failed_passed", "temporary"),
                passed("failed for good", failed(SigningOutcome.Kind.PERMANENT), "failed_passed", "permanent"),
                rejected("failed for now, refused", SigningOutcome.Kind.TEMPORARY, "temporary"),
                rejected("failed for good, refused", SigningOutcome.Kind.PERMANENT, "permanent"));
    }

    private static Case passed(String name, SigningOutcome outcome, String label, String reason) {
        return new Case(
                name,
                TAKES,
                setup -> setup.outcome(outcome),
                MESSAGE + ".\r\n",
                message(label, reason, OCTETS) + answered("accepted", OCTETS));
    }

    private static Case rejected(String name, SigningOutcome.Kind kind, String reason) {
        return new Case(
                name,
                ScriptedRelay.Line::upToData,
                setup -> setup.outcome(failed(kind)).rejectErrors(true),
                MESSAGE + ".\r\nQUIT\r\n",
                message("failed_refused", reason, OCTETS));
    }

    private static List<Case> refused() {
        return List.of(
                refused("too large", setup -> setup.sizeLimit(OCTETS - 1), MESSAGE, "too_large", OCTETS),
                refused("NUL", setup -> setup, "a\0b\r\n", "nul", 5),
                refused("bare LF", setup -> setup.bareNewline(BareNewline.REJECT), "a\nb\r\n", "bare_newline", 6),
                refused(
                        "no space",
                        setup -> setup.spool(directory.resolve("missing")),
                        "0123456789\r\n".repeat(50_000),
                        "no_space",
                        600_000));
    }

    private static Case refused(
            String name, UnaryOperator<ProxyUnderTest.Setup> setup, String message, String reason, int octets) {
        return new Case(
                name,
                ScriptedRelay.Line::upToData,
                setup,
                message + ".\r\nQUIT\r\n",
                message("refused", reason, octets));
    }

    private static List<Case> lost() {
        UnaryOperator<ProxyUnderTest.Setup> impatient =
                setup -> setup.timeouts(ProxyUnderTest.allWithin(Duration.ofMillis(400)));
        return List.of(
                new Case(
                        "client gone",
                        ScriptedRelay.Line::upToData,
                        setup -> setup,
                        MESSAGE,
                        message("lost", "client_gone", OCTETS)),
                new Case(
                        "client gone at once",
                        ScriptedRelay.Line::upToData,
                        setup -> setup,
                        "",
                        message("lost", "client_gone", 0)),
                new Case(
                        "fault of this program",
                        ScriptedRelay.Line::upToData,
                        setup -> setup.signer(FakeSigner.faulty()),
                        MESSAGE + ".\r\n",
                        message("lost", "fault", OCTETS)),
                new Case(
                        "relay gone after the dot",
                        line -> {
                            line.upToData().hear("\r\n.\r\n");
                            line.hangUp();
                        },
                        setup -> setup,
                        MESSAGE + ".\r\n",
                        message("lost", "relay", OCTETS) + relayFailed("lost") + MADE),
                new Case(
                        "relay silent after the dot",
                        line -> line.upToData().hear("\r\n.\r\n"),
                        impatient,
                        MESSAGE + ".\r\n",
                        message("lost", "relay", OCTETS) + relayFailed("timeout") + MADE),
                new Case(
                        "relay that answers the dot with 421",
                        line -> line.upToData().takeMessage("421 4.3.2 bye"),
                        setup -> setup,
                        MESSAGE + ".\r\n",
                        message("lost", "relay", OCTETS) + relayFailed("closing") + MADE),
                new Case(
                        "relay that answers the dot with 354",
                        line -> line.upToData().takeMessage("354 more"),
                        setup -> setup,
                        MESSAGE + ".\r\n",
                        message("lost", "relay", OCTETS) + relayFailed("protocol") + MADE),
                new Case(
                        "relay that answers the dot with nonsense",
                        line -> line.upToData().takeMessage("hello"),
                        setup -> setup,
                        MESSAGE + ".\r\n",
                        message("lost", "relay", OCTETS) + relayFailed("protocol") + MADE));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void a_message(Case one) throws Exception {
        try (ScriptedRelay relay = new ScriptedRelay(one.relay());
                ProxyUnderTest proxy =
                        one.setup().apply(ProxyUnderTest.Setup.of(relay)).start();
                TestClient client = proxy.connect()) {
            client.say(TO_DATA);
            while (!client.reply().startsWith("354 ")) {
                // the greeting and the replies to MAIL and RCPT
            }
            client.say(one.client()).endOutput();
            client.rest();

            assertCounted(proxy, "sessions_total 1; " + one.moved());
        }
    }

    @Test
    void a_silent_client_within_its_message() throws Exception {
        try (ScriptedRelay relay = new ScriptedRelay(ScriptedRelay.Line::upToData);
                ProxyUnderTest proxy = ProxyUnderTest.Setup.of(relay)
                        .timeouts(ProxyUnderTest.allWithin(Duration.ofMillis(400)))
                        .start();
                TestClient client = proxy.connect()) {
            client.say(TO_DATA + MESSAGE).rest();

            assertCounted(proxy, "sessions_total 1; " + message("lost", "client_timeout", OCTETS));
        }
    }

    @Test
    void a_client_that_is_gone_before_the_answer_has_not_lost_its_message() throws Exception {
        CountDownLatch dotHeard = new CountDownLatch(1);
        CountDownLatch clientGone = new CountDownLatch(1);
        try (ScriptedRelay relay = new ScriptedRelay(line -> {
                    line.upToData().hear("\r\n.\r\n");
                    dotHeard.countDown();
                    await(clientGone);
                    line.say("250 queued");
                });
                ProxyUnderTest proxy = ProxyUnderTest.Setup.of(relay).start();
                TestClient client = proxy.connect()) {
            client.say(TO_DATA + MESSAGE + ".\r\n");
            await(dotHeard);
            client.leave();
            clientGone.countDown();

            assertCounted(
                    proxy,
                    "sessions_total 1; " + message("signed", "", OCTETS) + answered("accepted", SIGNED_OCTETS) + MADE);
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
    void a_relay_that_cannot_be_reached() throws Exception {
        int freePort;
        try (ServerSocket taken = new ServerSocket(0)) {
            freePort = taken.getLocalPort();
        }
        try (ProxyUnderTest proxy = ProxyUnderTest.Setup.of(freePort).start();
                TestClient client = proxy.connect()) {
            client.rest();

            assertCounted(proxy, "sessions_total 1" + relayFailed("unreachable"));
        }
    }

    @Test
    void a_relay_that_closes_before_its_greeting() throws Exception {
        try (ScriptedRelay relay = new ScriptedRelay(ScriptedRelay.Line::hangUp);
                ProxyUnderTest proxy = ProxyUnderTest.Setup.of(relay).start();
                TestClient client = proxy.connect()) {
            client.rest();

            assertCounted(proxy, "sessions_total 1" + relayFailed("lost"));
        }
    }

    @Test
    void a_relay_that_closes_while_the_session_is_idle() throws Exception {
        try (ScriptedRelay relay =
                        new ScriptedRelay(line -> line.say("220 relay").hangUp());
                ProxyUnderTest proxy = ProxyUnderTest.Setup.of(relay).start();
                TestClient client = proxy.connect()) {
            client.rest();

            assertCounted(proxy, "sessions_total 1" + relayFailed("lost"));
        }
    }

    @Test
    void a_client_that_may_not_connect() throws Exception {
        AccessPolicy nobody =
                new AccessPolicy(List.of(), List.of(Network.parse("0.0.0.0/0").orElseThrow()), List.of(), List.of());
        try (ScriptedRelay relay = new ScriptedRelay(TAKES);
                ProxyUnderTest proxy =
                        ProxyUnderTest.Setup.of(relay).access(nobody).start();
                TestClient client = proxy.connect()) {
            client.rest();

            assertCounted(proxy, "clients_turned_away_total{reason=\"access\"} 1");
        }
    }

    @Test
    void a_client_over_the_limit_of_its_address() throws Exception {
        try (ScriptedRelay relay = new ScriptedRelay(line -> line.say("220 relay"));
                ProxyUnderTest proxy =
                        ProxyUnderTest.Setup.of(relay).maxSessionsPerClient(1).start();
                TestClient first = proxy.connect()) {
            first.reply();
            try (TestClient second = proxy.connect()) {
                second.rest();
            }

            assertCounted(
                    proxy,
                    "sessions_total 1; active_sessions 1;"
                            + " clients_turned_away_total{reason=\"max_servers_per_client\"} 1");
        }
    }

    @Test
    void a_client_for_whom_no_place_became_free() throws Exception {
        try (ScriptedRelay relay = new ScriptedRelay(line -> line.say("220 relay"));
                ProxyUnderTest proxy = ProxyUnderTest.Setup.of(relay)
                        .maxSessions(1)
                        .timeouts(turningAwayAfter(Duration.ofMillis(200)))
                        .start();
                TestClient first = proxy.connect()) {
            first.reply();
            try (TestClient second = proxy.connect()) {
                second.rest();
            }

            assertCounted(
                    proxy, "sessions_total 1; active_sessions 1; clients_turned_away_total{reason=\"max_servers\"} 1");
        }
    }

    private static Timeouts turningAwayAfter(Duration admission) {
        Duration all = Duration.ofSeconds(20);
        Duration poll = Duration.ofMillis(30);
        return new Timeouts(all, all, all, all, all, all, all, all, admission, poll, poll, 128);
    }

    @Test
    void sessions_are_counted_while_they_last() throws Exception {
        try (ScriptedRelay relay = new ScriptedRelay(line -> line.say("220 relay"));
                ProxyUnderTest proxy = ProxyUnderTest.Setup.of(relay).start();
                TestClient client = proxy.connect()) {
            client.reply();

            assertCounted(proxy, "sessions_total 1; active_sessions 1");
        }
    }

    /** Waits for these counts, and sees that they stay so: a scrape is not taken at one moment. */
    private static void assertCounted(ProxyUnderTest proxy, String counts) throws InterruptedException {
        Map<String, Double> expected = expected(counts);
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!Scrape.moved(proxy.metrics).equals(expected) && System.nanoTime() < deadline) {
            Thread.sleep(5);
        }
        assertThat(Scrape.moved(proxy.metrics)).isEqualTo(expected);
    }

    private static Map<String, Double> expected(String text) {
        Map<String, Double> expected = new HashMap<>();
        for (String each : text.split("; ", -1)) {
            int blank = each.lastIndexOf(' ');
            expected.put(each.substring(0, blank), Double.valueOf(each.substring(blank + 1)));
        }
        return expected;
    }
}
