package org.dkimproxy.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.dkimproxy.ledger.Chaos;
import org.dkimproxy.ledger.Footprint;
import org.dkimproxy.ledger.Kills;
import org.dkimproxy.ledger.Soak;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The ledger on the built program, in a short form of what {@code docs/reliability.md} tells of a long one. */
@Timeout(300)
class LedgerIT {
    private static final Duration SHORT = Duration.ofSeconds(8);

    @TempDir
    Path folder;

    @Test
    void faults_by_chance() throws Exception {
        Requirements.ownMounts();
        long seed = System.nanoTime();

        Chaos.Report report = Chaos.run(new Chaos.Plan(Tree.ROOT, 2000, SHORT, seed), folder);

        assertThat(report.violations()).as(report.text()).isEmpty();
        assertThat(report.totals().acknowledged()).as(report.text()).isPositive();
        assertThat(report.totals().refusedByProxy()).as(report.text()).isPositive();
    }

    @Test
    void killed_before_a_queue() throws Exception {
        Requirements.postfixServer();
        long seed = System.nanoTime();

        Kills.Report report = Kills.run(new Kills.Plan(Tree.ROOT, 3, seed), folder);

        assertThat(report.violations()).as("seed " + seed).isEmpty();
        assertThat(report.totals().acknowledged()).isPositive();
        assertThat(report.underWay()).isPositive();
    }

    @Test
    void many_messages_leave_nothing_behind() throws Exception {
        try (Soak soak = new Soak(Tree.ROOT, folder, List.of("reject_error"))) {
            List<Footprint> rows = soak.messages(8_000, SHORT);

            assertThat(soak.violations()).isEmpty();
            assertThat(soak.totals().acknowledged()).isEqualTo(soak.totals().letters());
            assertThat(rows).hasSizeGreaterThan(1);
            Footprint first = rows.getFirst();
            Footprint last = rows.getLast();
            assertThat(last.heapKib()).as(rows.toString()).isLessThan(first.heapKib() + 4096);
            assertThat(last.descriptors()).as(rows.toString()).isLessThan(first.descriptors() + 40);
            assertThat(last.threads()).as(rows.toString()).isLessThan(first.threads() + 20);
        }
    }

    @Test
    void many_sessions_stand_open_at_once() throws Exception {
        try (Soak soak = new Soak(Tree.ROOT, folder, List.of("max_servers 301"))) {
            List<Footprint> rows = soak.held(300);

            assertThat(soak.violations()).isEmpty();
            assertThat(soak.totals().acknowledged()).isEqualTo(300);
            assertThat(rows.get(1).descriptors()).as(rows.toString()).isGreaterThan(600);
            assertThat(rows.get(1).residentKib() - rows.getFirst().residentKib())
                    .as(rows.toString())
                    .isLessThan(300 * 200);
        }
    }

    @Test
    void tricklers_keep_no_client_away() throws Exception {
        try (Soak soak = new Soak(Tree.ROOT, folder, List.of("max_servers 50"))) {
            List<Duration> waits = soak.trickle(100, Duration.ofSeconds(10));

            assertThat(soak.violations()).isEmpty();
            assertThat(soak.totals().acknowledged()).isEqualTo(waits.size());
            assertThat(waits).isNotEmpty().allMatch(wait -> wait.toSeconds() < 120);
        }
    }
}
