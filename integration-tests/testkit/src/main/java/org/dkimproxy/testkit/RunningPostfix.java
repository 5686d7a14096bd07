package org.dkimproxy.testkit;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * A real Postfix of its own: configuration, queue, log and an address of 127.0.0.0/8 that nobody else uses, so that its
 * ports can be those of a sample. Nothing of the system's Postfix is read or touched. Needs root, as Postfix does.
 *
 * <p>It can be stopped, killed and started again with the same queue. {@link #close} leaves neither a process nor a file.
 * Thread-safe as far as its methods are called one after the other.
 */
public final class RunningPostfix implements AutoCloseable {
    private static final Duration TIME_TO_RUN = Duration.ofSeconds(60);
    private static final Duration TIME_TO_REPLACE = Duration.ofSeconds(3);

    private final Path folder;
    private final String host;
    private final PostfixProcesses processes;

    /** What is to be added to a Postfix that relays for everyone on this machine, to nowhere. Immutable. */
    public static final class Setup {
        private final String host;
        private final List<String> settings;
        private final String services;

        private Setup(String host, List<String> settings, String services) {
            this.host = host;
            this.settings = List.copyOf(settings);
            this.services = services;
        }

        /** The address that it will have. */
        public String host() {
            return host;
        }

        /** One more line of main.cf. */
        public Setup with(String name, String value) {
            List<String> more = new ArrayList<>(settings);
            more.add(name + " = " + value);
            return new Setup(host, more, services);
        }

        /** More services of master.cf, in its form. What listens has to name its address: {@code HOST} is this one's. */
        public Setup services(String lines) {
            return new Setup(
                    host, settings, services + lines.replace("HOST", host).stripTrailing() + "\n");
        }

        /** Starts it; returns when its services listen. */
        public RunningPostfix start() throws IOException, InterruptedException {
            RunningPostfix postfix = new RunningPostfix(Files.createTempDirectory("postfix"), host);
            try {
                PostfixConfiguration.writeTo(postfix.folder, settings, services);
                postfix.start();
                return postfix;
            } catch (IOException | InterruptedException e) {
                postfix.close();
                throw e;
            }
        }
    }

    private RunningPostfix(Path folder, String host) {
        this.folder = folder;
        this.host = host;
        this.processes = new PostfixProcesses(folder.resolve("queue/pid/master.pid"));
    }

    /** A Postfix with an address of its own and no services that listen. */
    public static Setup setup() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        String host = "127." + random.nextInt(1, 255) + "." + random.nextInt(0, 255) + "." + random.nextInt(2, 255);
        return new Setup(host, List.of(), "");
    }

    /**
     * Starts it again after {@link #stop} or {@link #kill}, with the same queue; returns when its services listen.
     *
     * @throws IOException if it does not start; the message holds its log
     */
    public void start() throws IOException, InterruptedException {
        try {
            run("/usr/sbin/postfix", "-c", folder.toString(), "start");
        } catch (IOException e) {
            throw new IOException(e.getMessage() + "\n" + String.join("\n", log()), e);
        }
    }

    /**
     * Replaces its services and has it read them; returns when it has.
     *
     * @param lines as for {@link Setup#services}
     */
    public void reload(String lines) throws IOException, InterruptedException {
        List<ProcessHandle> children = processes.children();
        long before = reloads(log());
        PostfixConfiguration.writeServices(folder, lines.replace("HOST", host));
        run("/usr/sbin/postfix", "-c", folder.toString(), "reload");
        if (!Await.holds(() -> reloads(log()) > before, TIME_TO_RUN)) {
            throw new IOException("Postfix did not reload within " + TIME_TO_RUN);
        }
        // a process of before may still be given work until it has seen the end of what it waits on; a busy one stays
        boolean _ = PostfixProcesses.gone(children, TIME_TO_REPLACE);
    }

    private static long reloads(List<String> log) {
        return log.stream().filter(line -> line.contains("reload -- version")).count();
    }

    /** Stops it as an administrator would. What is in the queue stays there. */
    public void stop() throws IOException, InterruptedException {
        processes.end(ProcessHandle::destroy);
    }

    /** Ends all its processes at once (SIGKILL), as a crash would. */
    public void kill() throws IOException, InterruptedException {
        processes.end(ProcessHandle::destroyForcibly);
    }

    /** The process that rules all others; empty if it does not run. */
    public Optional<ProcessHandle> master() throws IOException {
        return processes.master();
    }

    /** The address that it has alone. */
    public String host() {
        return host;
    }

    /** Where a service of this port listens. */
    public InetSocketAddress address(int port) {
        return new InetSocketAddress(host, port);
    }

    /** Its folder of configuration, queue and log, which {@link #close} deletes. */
    public Path folder() {
        return folder;
    }

    /** The lines of its log so far. */
    public List<String> log() throws IOException {
        Path file = PostfixConfiguration.log(folder);
        return Files.exists(file)
                ? Files.readString(file, StandardCharsets.ISO_8859_1).lines().toList()
                : List.of();
    }

    /** Waits for a line of its log. Throws {@link AssertionError} with the log if there is none within the limit. */
    public String awaitLog(Predicate<String> line, Duration limit) throws IOException, InterruptedException {
        if (!Await.holds(() -> log().stream().anyMatch(line), limit)) {
            throw new AssertionError("no such line in the log of Postfix:\n" + String.join("\n", log()));
        }
        return log().stream().filter(line).findFirst().orElseThrow();
    }

    /** What is in its queue, one JSON object for each message, as postqueue(1) writes them. */
    public List<String> queue() throws IOException, InterruptedException {
        return run("/usr/sbin/postqueue", "-c", folder.toString(), "-j").lines().toList();
    }

    /** Waits until this many messages are in its queue. Throws {@link AssertionError} with the log if that never is. */
    public void awaitQueue(int messages, Duration limit) throws IOException, InterruptedException {
        if (!Await.holds(() -> queue().size() == messages, limit)) {
            throw new AssertionError("expected " + messages + " messages in the queue, found " + queue() + "\n"
                    + String.join("\n", log()));
        }
    }

    /** Has it try to deliver all that is in its queue now. */
    public void flush() throws IOException, InterruptedException {
        run("/usr/sbin/postqueue", "-c", folder.toString(), "-f");
    }

    /** Submits a message by its sendmail(1), as a program on the same machine does. */
    public void sendmail(String from, List<String> recipients, byte[] message)
            throws IOException, InterruptedException {
        Path input = Files.write(folder.resolve("input-of-sendmail"), message);
        List<String> command =
                new ArrayList<>(List.of("/usr/sbin/sendmail", "-C", folder.toString(), "-f", from, "-i", "--"));
        command.addAll(recipients);
        run(input, command);
    }

    private String run(String... command) throws IOException, InterruptedException {
        return run(Path.of("/dev/null"), List.of(command));
    }

    private String run(Path input, List<String> command) throws IOException, InterruptedException {
        Path output = folder.resolve("output-of-" + Path.of(command.getFirst()).getFileName());
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectInput(input.toFile())
                .redirectOutput(output.toFile())
                .start();
        if (!process.waitFor(TIME_TO_RUN.toMillis(), TimeUnit.MILLISECONDS)) {
            process.destroyForcibly();
            throw new IOException(String.join(" ", command) + ": not done within " + TIME_TO_RUN);
        }
        String said = Files.readString(output, StandardCharsets.ISO_8859_1);
        if (process.exitValue() != 0) {
            throw new IOException(String.join(" ", command) + ": exit " + process.exitValue() + ": " + said);
        }
        return said;
    }

    /** Ends it and deletes its folder. */
    @Override
    public void close() throws IOException {
        try {
            stop();
        } catch (InterruptedException interrupted) {
            processes.destroyForcibly();
            Thread.currentThread().interrupt();
        } finally {
            deleteFolder();
        }
    }

    private void deleteFolder() throws IOException {
        List<Path> all;
        try (Stream<Path> files = Files.walk(folder)) {
            all = new ArrayList<>(files.toList());
        }
        for (Path file : all.reversed()) {
            Files.deleteIfExists(file);
        }
    }
}
