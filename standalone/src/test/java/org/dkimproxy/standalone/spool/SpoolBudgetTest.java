package org.dkimproxy.standalone.spool;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.dkimproxy.standalone.access.ClientNetwork;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SpoolBudgetTest {
    private static final Duration LONG = Duration.ofSeconds(50);
    private static final ClientNetwork HERE = network("127.0.0.1");
    private static final ClientNetwork ONE = network("192.0.2.1");
    private static final ClientNetwork OTHER = network("192.0.2.2");

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final SpoolBudget budget = new SpoolBudget(() -> 100, LONG);

    @AfterEach
    void end() {
        threads.shutdownNow();
    }

    @Test
    void a_message_waits_until_there_is_room() throws Exception {
        assertThat(budget.take(ONE, 0, 90)).isTrue();
        CompletableFuture<Boolean> waits = takeLater(budget, OTHER, 0, 20);
        assertThat(budget.isExhausted()).isTrue();
        budget.giveBack(ONE, 90);

        assertThat(waits.get(20, TimeUnit.SECONDS)).isTrue();
        assertThat(budget.taken()).isEqualTo(20);
        assertThat(budget.isExhausted()).isFalse();
    }

    @Test
    void a_message_waits_no_longer_than_the_timeout() throws Exception {
        SpoolBudget brief = new SpoolBudget(() -> 100, Duration.ofMillis(50));
        assertThat(brief.take(ONE, 0, 90)).isTrue();

        assertThat(brief.take(OTHER, 0, 20)).isFalse();
        assertThat(brief.isExhausted()).isFalse();
        assertThat(brief.taken()).isEqualTo(90);
    }

    @Test
    void when_all_that_hold_room_wait_for_more_the_last_is_refused_at_once() throws Exception {
        assertThat(budget.take(HERE, 0, 50)).isTrue();
        assertThat(budget.take(HERE, 0, 50)).isTrue();
        CompletableFuture<Boolean> first = takeLater(budget, HERE, 50, 50);

        assertThat(budget.take(HERE, 50, 50)).isFalse();
        budget.giveBack(HERE, 50);
        assertThat(first.get(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void a_message_larger_than_the_budget_is_refused_at_once() {
        assertThat(budget.take(HERE, 0, 101)).isFalse();
        assertThat(budget.take(HERE, 0, 100)).isTrue();
        assertThat(budget.take(HERE, 100, 1)).isFalse();
    }

    @Test
    void a_network_has_half_while_another_waits() throws Exception {
        assertThat(budget.take(ONE, 0, 45)).isTrue();
        assertThat(budget.take(ONE, 0, 50)).as("nobody waits").isTrue();
        CompletableFuture<Boolean> other = takeLater(budget, OTHER, 0, 20);

        assertThat(budget.take(ONE, 45, 5)).as("another waits").isFalse();
        budget.giveBack(ONE, 45);
        assertThat(other.get(20, TimeUnit.SECONDS)).isTrue();
        assertThat(budget.take(ONE, 50, 5)).as("nobody waits any more").isTrue();
    }

    @Test
    void a_network_that_waits_is_refused_when_another_begins_to_wait() throws Exception {
        assertThat(budget.take(ONE, 0, 60) && budget.take(HERE, 0, 30)).isTrue();
        CompletableFuture<Boolean> one = takeLater(budget, ONE, 0, 20);
        CompletableFuture<Boolean> other = CompletableFuture.supplyAsync(() -> budget.take(OTHER, 0, 20), threads);

        assertThat(one.get(20, TimeUnit.SECONDS)).isFalse();
        budget.giveBack(HERE, 30);
        assertThat(other.get(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void this_machine_may_have_all() throws Exception {
        assertThat(budget.take(HERE, 0, 60) && budget.take(HERE, 0, 30)).isTrue();
        CompletableFuture<Boolean> other = takeLater(budget, OTHER, 0, 20);

        assertThat(budget.take(HERE, 60, 10)).isTrue();
        assertThat(other).isNotDone();
    }

    /** Returns once the other thread waits. */
    private CompletableFuture<Boolean> takeLater(SpoolBudget from, ClientNetwork client, long held, long octets)
            throws InterruptedException {
        int before = from.waiting();
        CompletableFuture<Boolean> taken =
                CompletableFuture.supplyAsync(() -> from.take(client, held, octets), threads);
        while (from.waiting() == before && !taken.isDone()) {
            Thread.sleep(1);
        }
        return taken;
    }

    private static ClientNetwork network(String address) {
        return ClientNetwork.of(InetAddress.ofLiteral(address));
    }
}
