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
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.dkimproxy.testkit.SmtpSender;

/**
 * A James with everything in memory, as a process of its own. Its servers may listen on port 0 of a loopback address; {@link
 * #address} and {@link #webAdmin} return the ports. Web administration listens on {@link #WEBADMIN_HOST}.
 */
public final class RunningJames implements AutoCloseable {
    /** A loopback address for web administration alone. */
    public static final String WEBADMIN_HOST = "127.0.0.2";

    private static final String MAIN_CLASS = "org.apache.james.MemoryJamesServerMain";
    private static final String STARTED = "JAMES server started";
    private static final Duration TIME_TO_STOP = Duration.ofSeconds(30);

    private final Process process;
    private final Optional<String> smtp;
    private final List<String> log = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Void> started = new CompletableFuture<>();
    private final Thread reader;

    private RunningJames(Process process, Optional<String> smtp) {
        this.process = process;
        this.smtp = smtp;
        this.reader = Thread.ofVirtual().name("log-of-james").start(this::readLog);
    }

    /**
     * Starts James, in which the SMTP server and web administration are the only ones to listen, and waits until it greets.
     *
     * @param libraries the folder with all its jars
     * @param folder its configuration and extensions
     * @param limit how long it may take
     * @throws IOException if it ends, or does not greet in time; the message holds its log
     */
    public static RunningJames start(Path libraries, JamesFolder folder, Duration limit)
            throws IOException, InterruptedException {
        return start(command(libraries, folder, List.of()), folder.root(), Optional.empty(), limit);
    }

    /**
     * Starts James, in which the SMTP server is the only one to listen on its address, and waits until it greets.
     *
     * @param libraries the folder with all its jars
     * @param folder its configuration and extensions
     * @param arguments those of its main class
     * @param smtp the IP address of the SMTP server
     * @param limit how long it may take
     * @throws IOException if it ends, or does not greet in time; the message holds its log
     */
    public static RunningJames start(
            Path libraries, JamesFolder folder, List<String> arguments, String smtp, Duration limit)
            throws IOException, InterruptedException {
        return start(command(libraries, folder, arguments), folder.root(), Optional.of(smtp), limit);
    }

    /**
     * Starts James by a command, in which the SMTP server and web administration are the only ones to listen, and waits until it
     * greets.
     *
     * @param command the program and its arguments
     * @param directory the one it is started in
     * @param limit how long it may take
     * @throws IOException if it ends, or does not greet in time; the message holds its log
     */
    public static RunningJames start(List<String> command, Path directory, Duration limit)
            throws IOException, InterruptedException {
        return start(command, directory, Optional.empty(), limit);
    }

    private static List<String> command(Path libraries, JamesFolder folder, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1g",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1"));
        command.addAll(OwnName.flags(folder.root()));
        command.addAll(List.of(
                "-Dworking.directory=" + folder.root().toAbsolutePath(),
                "-Dlogback.configurationFile=conf/logback.xml"));
        command.addAll(program(libraries));
        command.addAll(arguments);
        return command;
    }

    /** What names the program to Java, with all its jars in one folder. */
    static List<String> program(Path libraries) {
        return List.of("-cp", libraries.toAbsolutePath() + File.separator + "*", MAIN_CLASS);
    }

    private static RunningJames start(List<String> command, Path directory, Optional<String> smtp, Duration limit)
            throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectInput(new File("/dev/null"))
                .start();
        RunningJames james = new RunningJames(process, smtp);
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

    /** Where its SMTP server listens; fails if another server listens there. */
    public InetSocketAddress address() throws IOException {
        return only(host -> smtp.map(host::equals).orElse(!host.equals(WEBADMIN_HOST)));
    }

    /** Where its web administration listens; fails if there is none, or another server on its address. */
    public InetSocketAddress webAdmin() throws IOException {
        return only(WEBADMIN_HOST::equals);
    }

    private InetSocketAddress only(Predicate<String> sought) throws IOException {
        List<InetSocketAddress> places = ListeningSockets.of(process.pid());
        List<InetSocketAddress> found =
                places.stream().filter(place -> sought.test(hostOf(place))).toList();
        if (found.size() != 1) {
            throw new IOException("expected one server, found " + found + " of " + places);
        }
        return found.getFirst();
    }

    private static String hostOf(InetSocketAddress place) {
        return place.getAddress().getHostAddress();
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
