package org.dkimproxy.ledger;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.dkimproxy.testkit.RunningPostfix;
import org.dkimproxy.testkit.RunningProxy;

/**
 * A Postfix with a queue sends through the built program, which is killed (SIGKILL) at moments by chance and started
 * again: in the end the relay has every letter that Postfix took.
 */
public final class Kills {
    private static final Duration TIME_TO_START = Duration.ofMinutes(1);
    private static final Duration TIME_TO_DRAIN = Duration.ofMinutes(3);
    private static final int FEEDERS = 4;
    private static final int PORT = 10_027;
    private static final int LONGEST_LIFE = 1500;
    private static final int MOST_WAITING = 400;

    private final Random random;
    private final Ledger ledger = new Ledger();
    private final AtomicLong numbers = new AtomicLong();
    private final AtomicBoolean fed = new AtomicBoolean();

    /**
     * What to do.
     *
     * @param tree the installed program
     * @param kills how often it is killed
     */
    public record Plan(Path tree, int kills, long seed) {}

    /**
     * What came of it.
     *
     * @param underWay how often a message was under way at the relay when the program was killed
     */
    public record Report(Totals totals, int underWay, List<String> violations) {}

    private Kills(long seed) {
        random = new Random(seed);
    }

    /**
     * Does it. Needs root, as Postfix does.
     *
     * @param folder an empty one, for key, map and conf file
     */
    public static Report run(Plan plan, Path folder) throws IOException, InterruptedException {
        return new Kills(plan.seed()).killAll(plan, folder);
    }

    private Report killAll(Plan plan, Path folder) throws IOException, InterruptedException {
        LedgerSite site = new LedgerSite(folder);
        RunningPostfix.Setup setup = RunningPostfix.setup();
        try (LedgerRelay relay = new LedgerRelay(ledger, this::slowly);
                RunningPostfix postfix = setup.services("HOST:2525 inet n - n - - smtpd")
                        .with("relayhost", "[" + setup.host() + "]:" + PORT)
                        .with("queue_run_delay", "1s")
                        .with("minimal_backoff_time", "1s")
                        .with("maximal_backoff_time", "2s")
                        .with("default_destination_concurrency_failed_cohort_limit", "0")
                        .start()) {
            Path conf = site.writeConf(
                    relay.address(), List.of("listen " + setup.host() + ":" + PORT, "reject_error", "log_level info"));
            List<Thread> feeders = new ArrayList<>();
            for (int i = 0; i < FEEDERS; i++) {
                feeders.add(Thread.ofVirtual().start(() -> feed(postfix)));
            }
            int underWay = 0;
            try {
                for (int i = 0; i < plan.kills(); i++) {
                    underWay += liveAndDie(plan.tree(), conf, relay) ? 1 : 0;
                }
            } finally {
                fed.set(true);
            }
            for (Thread feeder : feeders) {
                feeder.join();
            }
            try (RunningProxy _ = RunningProxy.start(plan.tree(), TIME_TO_START, "--conf_file=" + conf)) {
                postfix.flush();
                postfix.awaitQueue(0, TIME_TO_DRAIN);
            }
            relay.awaitQuiet(TIME_TO_DRAIN);
            return new Report(ledger.totals(), underWay, ledger.violationsOfQueue());
        }
    }

    /** Starts the program and kills it some time later; returns whether a session was open then. */
    private boolean liveAndDie(Path tree, Path conf, LedgerRelay relay) throws IOException, InterruptedException {
        RunningProxy proxy = RunningProxy.start(tree, TIME_TO_START, "--conf_file=" + conf);
        Thread.sleep(random.nextInt(LONGEST_LIFE));
        boolean underWay = relay.isBusy();
        proxy.process().destroyForcibly();
        if (!proxy.process().waitFor(TIME_TO_START.toSeconds(), TimeUnit.SECONDS)) {
            throw new IOException("the killed proxy does not end");
        }
        return underWay;
    }

    /** So that much is under way at any moment. */
    private Conduct slowly() {
        int delay;
        synchronized (random) {
            delay = random.nextInt(40);
        }
        return new Conduct(
                Optional.empty(),
                new Pace(Integer.MAX_VALUE, delay),
                Conduct.PLAIN.patience(),
                Conduct.PLAIN.answers(),
                false);
    }

    /** Gives Postfix letters, as many as it can get rid of. */
    private void feed(RunningPostfix postfix) {
        try {
            while (!fed.get()) {
                Letter letter = Letter.of("k" + numbers.incrementAndGet(), 300, new Random(1));
                LedgerClient.converse(postfix.address(2525), ledger, List.of(letter), Conduct.PLAIN);
                while (!fed.get() && ledger.waiting() > MOST_WAITING) {
                    Thread.sleep(20);
                }
            }
        } catch (IOException e) {
            ledger.fault("Postfix takes no letters: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
