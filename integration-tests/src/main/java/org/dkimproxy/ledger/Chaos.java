package org.dkimproxy.ledger;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/**
 * Sessions through the built program under faults by chance, of client, relay, network, disk, files and signals; and what
 * the ledger says of them. The seed decides on the faults, not on the moments at which they meet.
 */
public final class Chaos {
    private static final int CLIENTS = 48;
    private static final Duration END = Duration.ofMinutes(2);

    private final Plan plan;
    private final Ledger ledger = new Ledger();
    private final AtomicLong sessions = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private final AtomicLong numbers = new AtomicLong();

    /**
     * What to do.
     *
     * @param tree the installed program
     * @param sessions to have at most
     * @param time to take at most
     */
    public record Plan(Path tree, long sessions, Duration time, long seed) {}

    /**
     * What came of it.
     *
     * @param sessions that began
     * @param text of all figures, for people
     * @param violations what must not be and was
     */
    public record Report(long sessions, Totals totals, String text, List<String> violations) {}

    private Chaos(Plan plan) {
        this.plan = plan;
    }

    /**
     * Does it.
     *
     * @param folder an empty one, for key, map, conf file and spool
     * @throws IOException if the proxy does not start, or no disk can be mounted
     */
    public static Report run(Plan plan, Path folder) throws IOException, InterruptedException {
        return new Chaos(plan).run(folder);
    }

    private Report run(Path folder) throws IOException, InterruptedException {
        long begun = System.nanoTime();
        long end = begun + plan.time().toNanos();
        Random conducts = new Random(plan.seed());
        Path spool = Files.createDirectory(folder.resolve("spool"));
        LedgerSite site = new LedgerSite(folder);
        CountDownLatch left = new CountDownLatch(CLIENTS);
        try (LedgerRelay relay = new LedgerRelay(ledger, () -> relayConduct(conducts));
                TroubledProxy proxy =
                        new TroubledProxy(plan.tree(), site, ledger, relay.address(), spool, plan.seed())) {
            for (int i = 0; i < CLIENTS; i++) {
                Random random = new Random(plan.seed() * CLIENTS + i);
                Thread.ofVirtual().name("ledger-client").start(() -> {
                    try {
                        converse(proxy, random, end);
                    } finally {
                        left.countDown();
                    }
                });
            }
            Random lives = new Random(plan.seed());
            while (isWanted(end)) {
                long rest = Duration.ofNanos(end - System.nanoTime()).toMillis();
                proxy.live(Duration.ofMillis(Math.min(rest, lives.nextInt(4000, 20_000))));
            }
            if (!left.await(END.toSeconds(), TimeUnit.SECONDS)) {
                ledger.fault("clients are still at work " + END + " after the end: " + left.getCount());
            }
            if (!relay.awaitQuiet(END)) {
                ledger.fault("sessions with the relay are still open " + END + " after the end");
            }
            return report(proxy, Duration.ofNanos(System.nanoTime() - begun));
        }
    }

    private static Conduct relayConduct(Random random) {
        synchronized (random) {
            return RandomConduct.ofRelay(random);
        }
    }

    private boolean isWanted(long end) {
        return sessions.get() < plan.sessions() && System.nanoTime() < end;
    }

    private void converse(TroubledProxy proxy, Random random, long end) {
        while (isWanted(end)) {
            Optional<InetSocketAddress> server = proxy.address();
            try {
                if (server.isEmpty() || !converse(server.get(), random)) {
                    Thread.sleep(20);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    /** Has one session; returns false if there is nobody to have it with. */
    private boolean converse(InetSocketAddress server, Random random) {
        try {
            List<Letter> letters = letters(random);
            boolean finished = LedgerClient.converse(server, ledger, letters, RandomConduct.ofClient(random))
                    .finished();
            sessions.incrementAndGet();
            if (finished) {
                ledger.settle(letters);
            }
            return true;
        } catch (IOException e) {
            refused.incrementAndGet();
            return false;
        }
    }

    private List<Letter> letters(Random random) {
        return IntStream.rangeClosed(1, random.nextInt(1, 4))
                .mapToObj(_ -> Letter.of("c" + numbers.incrementAndGet(), bodyOctets(random), random))
                .toList();
    }

    /** Few are so large that they go to the disk. */
    private static int bodyOctets(Random random) {
        return random.nextInt(300) == 0 ? random.nextInt(270_000, 500_000) : random.nextInt(500);
    }

    private Report report(TroubledProxy proxy, Duration took) {
        Totals totals = ledger.totals();
        List<String> violations = ledger.violations();
        String text = "seed " + plan.seed() + ", " + took.toSeconds() + " s, " + sessions + " sessions, " + refused
                + " connections refused (between two lives of the proxy)\n" + totals + "\n" + proxy + "violations: "
                + violations.size() + "\n";
        return new Report(sessions.get(), totals, text, violations);
    }
}
