package org.dkimproxy.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A session of three messages, cut at every octet that passes on either connection, in either direction, by either end; or
 * left in silence at every border of a command or a reply. Whatever happens, the ledger has to balance.
 */
@Timeout(300)
class CutsIT {
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Duration UNREACHED = Duration.ofSeconds(30);
    private static final Duration SHORT = Duration.ofSeconds(1);

    @TempDir
    static Path folder;

    private static LedgerSite site;

    /** Who makes the cut. */
    private enum Side {
        CLIENT,
        RELAY
    }

    private record Plan(Side side, Cut cut) {}

    /** How many octets pass in a session that is not cut; of those that are sent, at the border of each command or reply. */
    private record Extent(List<Long> clientBorders, long clientReceived, List<Long> relayBorders, long relayReceived) {}

    @BeforeAll
    static void makeKey() throws IOException {
        site = new LedgerSite(folder);
    }

    @Test
    void cut_at_every_fourth_octet() throws Exception {
        assertBalancedAfterCuts(4);
    }

    @Test
    @Tag("long")
    void cut_at_every_octet() throws Exception {
        assertBalancedAfterCuts(1);
    }

    private static void assertBalancedAfterCuts(int step) throws Exception {
        Extent extent = extent();
        List<Plan> plans = Stream.of(Cut.How.CLOSE, Cut.How.RESET, Cut.How.HALF_CLOSE)
                .flatMap(how -> Stream.of(
                                everywhere(
                                        Side.CLIENT,
                                        Cut.Direction.SENT,
                                        extent.clientBorders().getLast(),
                                        how),
                                everywhere(Side.CLIENT, Cut.Direction.RECEIVED, extent.clientReceived(), how),
                                everywhere(
                                        Side.RELAY,
                                        Cut.Direction.SENT,
                                        extent.relayBorders().getLast(),
                                        how),
                                everywhere(Side.RELAY, Cut.Direction.RECEIVED, extent.relayReceived(), how))
                        .flatMap(all -> all))
                .filter(plan -> plan.cut().octet() % step == 0)
                .toList();
        assertThat(plans).isNotEmpty();

        assertThat(run(plans, UNREACHED, 4)).isEmpty();
    }

    @Test
    void silence_at_every_border() throws Exception {
        List<Plan> plans = new ArrayList<>();
        Extent extent = extent();
        extent.clientBorders().forEach(border -> plans.addAll(silences(Side.CLIENT, border)));
        extent.relayBorders().forEach(border -> plans.addAll(silences(Side.RELAY, border)));
        assertThat(plans).isNotEmpty();

        assertThat(run(plans, SHORT, 24)).isEmpty();
    }

    /** At a border of two lines, and within the line before it. */
    private static List<Plan> silences(Side side, long border) {
        return LongStream.of(border, Math.max(0, border - 1), Math.max(0, border - 3))
                .distinct()
                .mapToObj(octet -> new Plan(side, new Cut(Cut.Direction.SENT, octet, Cut.How.STALL)))
                .toList();
    }

    private static Stream<Plan> everywhere(Side side, Cut.Direction direction, long octets, Cut.How how) {
        return LongStream.rangeClosed(0, octets).mapToObj(octet -> new Plan(side, new Cut(direction, octet, how)));
    }

    /** Runs sessions, several at once; returns what the ledgers have to object to. */
    private static List<String> run(List<Plan> plans, Duration limit, int atOnce) throws Exception {
        Queue<Plan> left = new ConcurrentLinkedQueue<>(plans);
        try (ExecutorService workers = Executors.newFixedThreadPool(atOnce)) {
            List<Future<List<String>>> found = IntStream.range(0, atOnce)
                    .mapToObj(_ -> workers.submit(() -> work(left, limit)))
                    .toList();
            List<String> all = new ArrayList<>();
            for (Future<List<String>> of : found) {
                all.addAll(of.get());
            }
            return all;
        }
    }

    private static List<String> work(Queue<Plan> plans, Duration limit) throws Exception {
        List<String> found = new ArrayList<>();
        Bench bench = new Bench();
        try (LedgerRelay relay = new LedgerRelay(bench.ledger, () -> bench.relay);
                LocalProxy proxy = new LocalProxy(relay.address(), site, limit)) {
            for (Plan plan = plans.poll(); plan != null && found.size() < 20; plan = plans.poll()) {
                Conduct cut = Conduct.PLAIN.with(plan.cut());
                bench.relay = plan.side() == Side.RELAY ? cut : Conduct.PLAIN;
                Conduct client = plan.side() == Side.CLIENT ? cut : Conduct.PLAIN;
                List<Letter> letters = bench.letters();
                LedgerClient.converse(proxy.address(), bench.ledger, letters, client);
                if (!relay.awaitQuiet(PATIENCE)) {
                    found.add(plan + ": the proxy does not end the session with its relay");
                    break;
                }
                for (String violation : bench.ledger.violations()) {
                    found.add(plan + ": " + violation);
                }
                bench.ledger.clear();
            }
        }
        return found;
    }

    private static Extent extent() throws Exception {
        Bench bench = new Bench();
        try (LedgerRelay relay = new LedgerRelay(bench.ledger, () -> bench.relay);
                LocalProxy proxy = new LocalProxy(relay.address(), site, UNREACHED)) {
            LedgerClient.Result result =
                    LedgerClient.converse(proxy.address(), bench.ledger, bench.letters(), Conduct.PLAIN);
            assertThat(relay.awaitQuiet(PATIENCE)).isTrue();
            assertThat(bench.ledger.violations()).isEmpty();
            assertThat(bench.ledger.totals()).isEqualTo(new Totals(3, 3, 0, 0, 0, 0, 0, 0, 3));
            assertThat(result.finished()).isTrue();
            return new Extent(result.borders(), result.received(), relay.lastBorders(), relay.lastReceived());
        }
    }

    /** What one worker has. */
    private static final class Bench {
        final Ledger ledger = new Ledger();
        volatile Conduct relay = Conduct.PLAIN;

        List<Letter> letters() {
            return Stream.of("1", "2", "3")
                    .map(id -> Letter.of(id, 8, new Random(1)))
                    .toList();
        }
    }
}
