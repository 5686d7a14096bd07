package org.dkimproxy.jamesit;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.dkimproxy.testkit.SmtpSender;

/**
 * A James with everything in memory, as a process of its own. Only its SMTP server is to listen, and webadmin on {@link #WEBADMIN_HOST};
 * both may listen on port 0, and {@link #address} and {@link #webAdmin} return the ports that they got.
 */
public final class RunningJames implements AutoCloseable {
    /** A loopback address for webadmin alone. */
    public static final String WEBADMIN_HOST = "127.0.0.2";

    private static final String MAIN_CLASS = "org.apache.james.MemoryJamesServerMain";
    private static final String STARTED = "JAMES server started";
    private static final Duration TIME_TO_STOP = Duration.ofSeconds(30);

    private final Process process;
    private final List<String> log = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Void> started = new CompletableFuture<>();
    private final Thread reader;

    private RunningJames(Process process) {
        this.process = process;
        this.reader = Thread.ofVirtual().name("log-of-james").start(this::readLog);
    }

    /**
     * Starts James and waits until it greets.
     *
     * @param libraries the folder with all its jars
     * @param folder its configuration and extensions
     * @param limit how long it may take
     * @throws IOException if it ends, or does not greet in time; the message holds its log
     */
    public static RunningJames start(Path libraries, JamesFolder folder, Duration limit)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx1g"));
        command.addAll(OwnName.flags(folder.root()));
        command.addAll(List.of(
                "-Dworking.directory=" + folder.root().toAbsolutePath(),
                "-Dlogback.configurationFile=conf/logback.xml",
                "-cp",
                libraries.toAbsolutePath() + File.separator + "*",
                MAIN_CLASS));
        RunningJames james = new RunningJames(new ProcessBuilder(command)
                .directory(folder.root().toFile())
                .redirectErrorStream(true)
                .redirectInput(new File("/dev/null"))
                .start());
        try {
            james.started.get(limit.toMillis(), TimeUnit.MILLISECONDS);
            james.greet(limit);
            return james;
        } catch (ExecutionException | TimeoutException | IOException notThere) {
            james.process.destroyForcibly();
            james.reader.join();
            throw new IOException("James does not start:\n" + String.join("\n", james.log), notThere);
        }
    }

    private void greet(Duration limit) throws IOException {
        try (SmtpSender client = SmtpSender.connect(address(), limit)) {
            SmtpSender.Reply greeting = client.readReply();
            if (greeting.code() != 220) {
                throw new IOException("James greets with " + greeting);
            }
            client.command("QUIT");
        }
    }

    /** Where its SMTP server listens; fails if there is not exactly one place beside webadmin. */
    public InetSocketAddress address() throws IOException {
        return onlyPlace(false);
    }

    /** Where its webadmin listens; fails if there is not exactly one place on {@link #WEBADMIN_HOST}. */
    public InetSocketAddress webAdmin() throws IOException {
        return onlyPlace(true);
    }

    private InetSocketAddress onlyPlace(boolean isWebAdmin) throws IOException {
        List<InetSocketAddress> places = ListeningSockets.of(process.pid());
        List<InetSocketAddress> fitting = places.stream()
                .filter(place -> place.getAddress().getHostAddress().equals(WEBADMIN_HOST) == isWebAdmin)
                .toList();
        if (fitting.size() != 1) {
            throw new IOException("James listens not in one such place, but here: " + places);
        }
        return fitting.getFirst();
    }

    /** The number of its process. */
    public long pid() {
        return process.pid();
    }

    /** What it has written to standard output and standard error so far, by lines. */
    public List<String> log() {
        return List.copyOf(log);
    }

    /**
     * Asks it to stop (SIGTERM) and waits.
     *
     * @throws IOException if it does not stop in time; it is then killed
     */
    public void stop() throws IOException, InterruptedException {
        // Process.destroy would close the pipe as well, and lose the end of the log
        process.toHandle().destroy();
        if (!process.waitFor(TIME_TO_STOP.toMillis(), TimeUnit.MILLISECONDS)) {
            process.destroyForcibly();
            throw new IOException("James did not stop within " + TIME_TO_STOP);
        }
        reader.join();
    }

    @Override
    public void close() throws IOException {
        try {
            stop();
        } catch (InterruptedException interrupted) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private void readLog() {
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                log.add(line);
                if (line.endsWith(STARTED)) {
                    started.complete(null);
                }
            }
            started.completeExceptionally(new IOException("James ended"));
        } catch (IOException broken) {
            started.completeExceptionally(broken);
        }
    }
}
