package org.dkimproxy.ledger;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.dkimproxy.testkit.RunningProxy;
import org.dkimproxy.testkit.SignalSender;

/**
 * The built program, which is given no rest: while it serves, its key and its map come and go, its disk fills, signals
 * rain on it; after some seconds it gets TERM, and is started again, now and then with few file descriptors.
 */
final class TroubledProxy implements Closeable {
    private static final Duration TIME_TO_START = Duration.ofMinutes(1);
    private static final int FEW_DESCRIPTORS = 100;
    private static final int STORM = 15;
    private static final String FAULT = "fault of this program";

    /** Lines of the log that tell that a trouble has bitten. */
    private static final List<String> BITES = List.of(
            "Too many open files",
            "no space to spool",
            "configuration reload failed",
            "configuration reloaded",
            "private.key",
            "sessions cut at the end");

    private final Path tree;
    private final LedgerSite site;
    private final Ledger ledger;
    private final InetSocketAddress relay;
    private final Path spool;
    private final SmallDisk disk;
    private final Random random;
    private final Map<String, Long> counts = new TreeMap<>();
    private volatile Optional<InetSocketAddress> address = Optional.empty();

    TroubledProxy(Path tree, LedgerSite site, Ledger ledger, InetSocketAddress relay, Path spool, long seed)
            throws IOException, InterruptedException {
        this.tree = tree;
        this.site = site;
        this.ledger = ledger;
        this.relay = relay;
        this.spool = spool;
        this.random = new Random(seed);
        this.disk = new SmallDisk(spool, 2 << 20);
    }

    /** Where it listens, while it does. */
    Optional<InetSocketAddress> address() {
        return address;
    }

    /** How often each trouble was made, and lines of the log that tell of it. */
    Map<String, Long> counts() {
        return counts;
    }

    /** Starts it, troubles it for this time and stops it. */
    void live(Duration time) throws IOException, InterruptedException {
        long end = System.nanoTime() + time.toNanos();
        RunningProxy proxy = start();
        try {
            address = Optional.of(proxy.address());
            count("lives");
            while (System.nanoTime() < end) {
                trouble(proxy);
                Thread.sleep(random.nextInt(400));
            }
            if (proxy.stop() != 0) {
                ledger.fault("the proxy ended with exit code " + proxy.process().exitValue());
            }
            count("TERM");
        } finally {
            address = Optional.empty();
            proxy.process().destroyForcibly();
        }
        read(proxy.log());
        look();
    }

    private RunningProxy start() throws IOException, InterruptedException {
        site.writeKey();
        site.writeMap();
        disk.free();
        boolean few = random.nextInt(3) == 0;
        Path conf = site.writeConf(
                relay,
                List.of("log_level info", "spool_dir " + spool, random.nextBoolean() ? "reject_error" : "strict"));
        String limit = few ? "ulimit -n " + FEW_DESCRIPTORS + "; " : "";
        count(few ? "lives with few descriptors" : "lives with many descriptors");
        return RunningProxy.start(
                List.of(
                        "sh",
                        "-c",
                        limit + "exec \"$@\"",
                        "sh",
                        tree.resolve("bin/dkimproxy.out").toString(),
                        "--conf_file=" + conf),
                TIME_TO_START);
    }

    private void trouble(RunningProxy proxy) throws IOException, InterruptedException {
        switch (random.nextInt(9)) {
            case 0 -> {
                Files.deleteIfExists(site.key());
                count("key removed");
            }
            case 1 -> {
                site.breakMap();
                signal(proxy, 1);
                count("map broken");
            }
            case 2 -> {
                disk.fill();
                count("disk filled");
            }
            case 3 -> {
                signal(proxy, STORM);
                count("HUP storms");
            }
            case 4 -> disk.free();
            case 5, 6 -> site.writeKey();
            default -> {
                site.writeMap();
                signal(proxy, 1);
            }
        }
    }

    private void signal(RunningProxy proxy, int times) throws IOException, InterruptedException {
        for (int i = 0; i < times; i++) {
            SignalSender.send("HUP", proxy.process().pid());
            count("HUP");
        }
    }

    private void read(List<String> log) {
        for (String line : log) {
            BITES.stream().filter(line::contains).forEach(bite -> count("log: " + bite));
            if (line.contains(FAULT) || line.contains("session lost") || line.contains("\tat ")) {
                ledger.fault("the log tells of a fault: " + line);
            }
        }
    }

    /** Nothing may be left in the folder of the spool, since its files have no names. */
    private void look() throws IOException {
        disk.free();
        try (var left = Files.list(spool)) {
            left.forEach(file -> ledger.fault("left in the folder of the spool: " + file));
        }
    }

    private void count(String what) {
        counts.merge(what, 1L, Long::sum);
    }

    @Override
    public void close() throws IOException {
        disk.close();
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        counts.forEach((what, count) -> text.append(String.format(Locale.ROOT, "%8d  %s%n", count, what)));
        return text.toString();
    }
}
