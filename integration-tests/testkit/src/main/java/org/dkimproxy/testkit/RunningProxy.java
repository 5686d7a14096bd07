package org.dkimproxy.testkit;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The built {@code dkimproxy.out} as a process of its own, started as an administrator would start it. Let it listen on port
 * 0 of the loopback address: {@link #address} tells the port that it got.
 */
public final class RunningProxy implements AutoCloseable {
    private static final Pattern LISTENING = Pattern.compile("listening on .*:(\\d+), relaying to ");
    private static final Duration TIME_TO_STOP = Duration.ofSeconds(20);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Process process;
    private final List<String> log = Collections.synchronizedList(new ArrayList<>());
    private final CompletableFuture<Integer> port = new CompletableFuture<>();
    private final Thread reader;

    private RunningProxy(Process process) {
        this.process = process;
        this.reader = Thread.ofVirtual().name("log-of-proxy").start(this::readLog);
    }

    /**
     * Starts the proxy and waits until it listens.
     *
     * @param tree the installed tree
     * @param limit how long it may take
     * @param arguments its command line
     * @throws IOException if it ends, or does not listen in time; the message holds its log
     */
    public static RunningProxy start(Path tree, Duration limit, String... arguments)
            throws IOException, InterruptedException {
        return start(tree, limit, Map.of(), arguments);
    }

    /**
     * The same with variables added to its environment.
     *
     * @throws IOException if it ends, or does not listen in time; the message holds its log
     */
    public static RunningProxy start(Path tree, Duration limit, Map<String, String> environment, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(tree.resolve("bin/dkimproxy.out").toString());
        command.addAll(List.of(arguments));
        return start(command, environment, limit);
    }

    /**
     * The same by a command of its own, such as one that changes something around the program and then becomes it.
     *
     * @throws IOException if it ends, or does not listen in time; the message holds its log
     */
    public static RunningProxy start(List<String> command, Duration limit) throws IOException, InterruptedException {
        return start(command, Map.of(), limit);
    }

    private static RunningProxy start(List<String> command, Map<String, String> environment, Duration limit)
            throws IOException, InterruptedException {
        RunningProxy proxy = launch(command, environment);
        try {
            proxy.port.get(limit.toMillis(), TimeUnit.MILLISECONDS);
            return proxy;
        } catch (ExecutionException | TimeoutException notListening) {
            proxy.process.destroyForcibly();
            throw new IOException("the proxy does not listen:\n" + String.join("\n", proxy.log()), notListening);
        }
    }

    /** The same by a command of its own, and without waiting until it listens, which it need not do. */
    public static RunningProxy launch(List<String> command) throws IOException {
        return launch(command, Map.of());
    }

    private static RunningProxy launch(List<String> command, Map<String, String> environment) throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectInput(new File("/dev/null"));
        builder.environment().putAll(environment);
        return new RunningProxy(builder.start());
    }

    /**
     * Where it listens, once it does.
     *
     * @throws java.util.concurrent.CompletionException if it ends, or does not listen in time
     */
    public InetSocketAddress address() {
        return new InetSocketAddress(
                InetAddress.getLoopbackAddress(),
                port.orTimeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS).join());
    }

    /** What it has written to standard output and standard error so far, by lines. */
    public List<String> log() {
        return List.copyOf(log);
    }

    /**
     * Waits until it has written a line of this kind; returns the first.
     *
     * @throws AssertionError with the log if there is none within the limit
     */
    public String awaitLine(Predicate<String> kind, Duration limit) throws InterruptedException {
        return Await.find(() -> log().stream().filter(kind).findFirst(), limit)
                .orElseThrow(() -> new AssertionError("no such line:\n" + String.join("\n", log())));
    }

    /**
     * Waits until it has written this many lines of this kind; returns the last of them.
     *
     * @throws AssertionError with the log if there are fewer within 30 seconds
     */
    public String awaitLine(Predicate<String> kind, int count) throws InterruptedException {
        return Await.find(() -> log().stream().filter(kind).skip(count - 1L).findFirst(), PATIENCE)
                .orElseThrow(() -> new AssertionError("no such line:\n" + String.join("\n", log())));
    }

    /** Sends it a signal, named without {@code SIG}. */
    public RunningProxy signal(String name) throws IOException, InterruptedException {
        SignalSender.send(name, process.pid());
        return this;
    }

    /**
     * Waits until it has ended, and its log is whole.
     *
     * @return its exit code
     * @throws AssertionError with the log if it runs for another 30 seconds
     */
    public int exitCode() throws InterruptedException {
        if (!process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new AssertionError("still running; log:\n" + String.join("\n", log()));
        }
        reader.join();
        return process.exitValue();
    }

    /** Its process. */
    public Process process() {
        return process;
    }

    /**
     * Asks it to stop (SIGTERM) and waits.
     *
     * @return its exit code
     * @throws IOException if it does not stop in time; it is then killed
     */
    public int stop() throws IOException, InterruptedException {
        // Process.destroy would close the pipe as well, and lose the end of the log
        process.toHandle().destroy();
        if (!process.waitFor(TIME_TO_STOP.toMillis(), TimeUnit.MILLISECONDS)) {
            process.destroyForcibly();
            throw new IOException("the proxy did not stop within " + TIME_TO_STOP);
        }
        reader.join();
        return process.exitValue();
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
                Matcher listening = LISTENING.matcher(line);
                if (listening.find()) {
                    port.complete(Integer.valueOf(listening.group(1)));
                }
            }
            port.completeExceptionally(new IOException("the proxy ended"));
        } catch (IOException broken) {
            port.completeExceptionally(broken);
        }
    }
}
