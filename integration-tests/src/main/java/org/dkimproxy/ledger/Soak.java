package org.dkimproxy.ledger;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/** The built program over a long time, and with many clients at once. */
public final class Soak implements Closeable {
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final int PORT = 10_027;
    private static final int CLIENTS = 16;
    private static final int LETTERS_A_SESSION = 100;
    private static final int ROWS = 10;
    private static final int TRICKLE_MILLIS = 1000;
    private static final int PAUSE_MILLIS = 100;

    private final Ledger ledger = new Ledger();
    private final AtomicLong numbers = new AtomicLong();
    private final LedgerRelay relay;
    private final InetSocketAddress server;
    private final Path log;
    private final Process proxy;

    /**
     * Starts the program.
     *
     * @param tree the installed program
     * @param folder an empty one, for key, map, conf file and log
     * @param options further lines of the conf file
     * @throws IOException if it does not serve in time; the message holds its log
     */
    public Soak(Path tree, Path folder, List<String> options) throws IOException, InterruptedException {
        relay = new LedgerRelay(ledger, () -> Conduct.PLAIN);
        ThreadLocalRandom random = ThreadLocalRandom.current();
        // an address that nobody else uses, so that the port can be known before the start
        String host = "127." + random.nextInt(1, 255) + "." + random.nextInt(0, 255) + "." + random.nextInt(2, 255);
        server = new InetSocketAddress(host, PORT);
        List<String> lines = new ArrayList<>(List.of("listen " + host + ":" + PORT, "log_level warning"));
        lines.addAll(options);
        Path conf = new LedgerSite(folder).writeConf(relay.address(), lines);
        log = folder.resolve("log");
        ProcessBuilder builder = new ProcessBuilder(
                        tree.resolve("bin/dkimproxy.out").toString(), "--conf_file=" + conf)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().putAll(Footprint.REACHED_BY_JCMD);
        proxy = builder.start();
        awaitService();
    }

    /** What is wrong so far; for when nothing is under way. */
    public List<String> violations() {
        return ledger.violations();
    }

    /** How many letters came to which end. */
    public Totals totals() {
        return ledger.totals();
    }

    /**
     * Sends small letters, many in a session, and prints what the program takes meanwhile.
     *
     * @param time to take at most for the first letters, and once more for all others: on a busy machine the first ones, by which
     *     the program gets warm, may need all of it
     * @return the footprints: one before, ten on the way
     */
    public List<Footprint> messages(long count, Duration time) throws IOException, InterruptedException {
        List<Footprint> rows = new ArrayList<>();
        System.out.println(Footprint.heading());
        batch(Math.min(count / ROWS, 20_000), System.nanoTime() + time.toNanos());
        long warm = numbers.get();
        print(rows, warm);
        long end = System.nanoTime() + time.toNanos();
        for (int i = 1; i <= ROWS && System.nanoTime() < end; i++) {
            batch(warm + (count - warm) * i / ROWS, end);
            print(rows, numbers.get());
        }
        return rows;
    }

    /** Holds sessions open, all at once, each before its message; then each sends it. */
    public List<Footprint> held(int sessions) throws IOException, InterruptedException {
        List<Footprint> rows = new ArrayList<>();
        System.out.println(Footprint.heading());
        print(rows, "none");
        List<HeldSession> open = new ArrayList<>();
        for (int i = 0; i < sessions; i++) {
            open.add(new HeldSession(server, ledger, letter(), PATIENCE));
        }
        print(rows, sessions + " sessions open");
        for (HeldSession session : open) {
            session.finish();
        }
        print(rows, "all ended");
        return rows;
    }

    /**
     * Lets connections send one octet a second each, those that are closed begin anew, and has a normal client come in
     * between, which tries again when it is sent away.
     *
     * @return how long the normal client had to wait until its letter was accepted, each time it came
     */
    public List<Duration> trickle(int connections, Duration time) throws InterruptedException {
        long end = System.nanoTime() + time.toNanos();
        List<Thread> tricklers = IntStream.range(0, connections)
                .mapToObj(_ -> Thread.ofVirtual().start(() -> trickleUntil(end)))
                .toList();
        Thread.sleep(5 * TRICKLE_MILLIS);
        List<Duration> waits = new ArrayList<>();
        while (System.nanoTime() < end) {
            long begun = System.nanoTime();
            while (!sendOne() && System.nanoTime() < end + PATIENCE.toNanos()) {
                Thread.sleep(PAUSE_MILLIS);
            }
            waits.add(Duration.ofNanos(System.nanoTime() - begun));
            Thread.sleep(TRICKLE_MILLIS);
        }
        for (Thread trickler : tricklers) {
            trickler.join();
        }
        return waits;
    }

    /** Stops the program, as an administrator would. */
    @Override
    public void close() throws IOException {
        proxy.destroy();
        try {
            if (!proxy.waitFor(30, TimeUnit.SECONDS)) {
                proxy.destroyForcibly();
                throw new IOException("the proxy did not stop");
            }
        } catch (InterruptedException e) {
            proxy.destroyForcibly();
            Thread.currentThread().interrupt();
        } finally {
            relay.close();
        }
    }

    private void print(List<Footprint> rows, Object what) throws IOException, InterruptedException {
        rows.add(Footprint.of(proxy));
        System.out.println(rows.getLast().row(what));
    }

    /** Sends letters until so many are sent in all. */
    private void batch(long until, long end) throws InterruptedException {
        List<Thread> clients = IntStream.range(0, CLIENTS)
                .mapToObj(index -> Thread.ofVirtual().start(() -> {
                    while (numbers.get() < until && System.nanoTime() < end) {
                        converse();
                    }
                }))
                .toList();
        for (Thread client : clients) {
            client.join();
        }
    }

    private boolean converse() {
        List<Letter> letters =
                IntStream.range(0, LETTERS_A_SESSION).mapToObj(_ -> letter()).toList();
        try {
            boolean finished = LedgerClient.converse(server, ledger, letters, Conduct.PLAIN)
                    .finished();
            if (finished) {
                ledger.settle(letters);
            } else {
                ledger.fault("a session did not come to its end");
            }
            return finished;
        } catch (IOException e) {
            ledger.fault("the proxy accepts no connection: " + e.getMessage());
            return false;
        }
    }

    private Letter letter() {
        return Letter.of("s" + numbers.incrementAndGet(), 200, new Random(1));
    }

    private boolean sendOne() {
        try {
            return LedgerClient.converse(server, ledger, List.of(letter()), Conduct.PLAIN)
                    .finished();
        } catch (IOException _) {
            // nobody accepts the connection for now: the next try follows
            return false;
        }
    }

    private void trickleUntil(long end) {
        byte[] octets = "MAIL FROM:<a@example.org>".repeat(40).getBytes(StandardCharsets.US_ASCII);
        while (System.nanoTime() < end) {
            try (Socket socket = new Socket()) {
                socket.connect(server, Math.toIntExact(PATIENCE.toMillis()));
                for (int i = 0; i < octets.length && System.nanoTime() < end; i++) {
                    socket.getOutputStream().write(octets, i, 1);
                    Thread.sleep(TRICKLE_MILLIS);
                }
            } catch (IOException _) {
                // sent away, as it should be: it comes again
                if (!pause()) {
                    return;
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private static boolean pause() {
        try {
            Thread.sleep(PAUSE_MILLIS);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void awaitService() throws IOException, InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try (Socket socket = new Socket()) {
                socket.connect(server, Math.toIntExact(PATIENCE.toMillis()));
                return;
            } catch (IOException e) {
                if (!proxy.isAlive() || System.nanoTime() > end) {
                    proxy.destroyForcibly();
                    throw new IOException(
                            "the proxy does not serve:\n" + Files.readString(log, StandardCharsets.UTF_8), e);
                }
                Thread.sleep(PAUSE_MILLIS);
            }
        }
    }
}
