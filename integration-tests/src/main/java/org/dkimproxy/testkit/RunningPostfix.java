package org.dkimproxy.testkit;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
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
    private static final Duration TIME_TO_STOP = Duration.ofSeconds(20);
    private static final Duration POLL = Duration.ofMillis(50);

    /** The services that every Postfix has; nothing of it listens on a port. */
    private static final String INNER_SERVICES = """
        pickup    unix  n  -  n  1  1  pickup
        cleanup   unix  n  -  n  -  0  cleanup
        qmgr      unix  n  -  n  1  1  qmgr
        rewrite   unix  -  -  n  -  -  trivial-rewrite
        bounce    unix  -  -  n  -  0  bounce
        defer     unix  -  -  n  -  0  bounce
        trace     unix  -  -  n  -  0  bounce
        verify    unix  -  -  n  -  1  verify
        flush     unix  n  -  n  -  0  flush
        proxymap  unix  -  -  n  -  -  proxymap
        proxywrite unix -  -  n  -  1  proxymap
        smtp      unix  -  -  n  -  -  smtp
        relay     unix  -  -  n  -  -  smtp
        showq     unix  n  -  n  -  -  showq
        error     unix  -  -  n  -  -  error
        retry     unix  -  -  n  -  -  error
        discard   unix  -  -  n  -  -  discard
        virtual   unix  -  n  n  -  -  virtual
        anvil     unix  -  -  n  -  1  anvil
        scache    unix  -  -  n  -  1  scache
        postlog   unix-dgram n - n  -  1  postlogd
        """;

    private final Path folder;
    private final String host;

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
                postfix.configure(settings, services);
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
    }

    /** A Postfix with an address of its own and no services that listen. */
    public static Setup setup() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        String host = "127." + random.nextInt(1, 255) + "." + random.nextInt(0, 255) + "." + random.nextInt(2, 255);
        return new Setup(host, List.of(), "");
    }

    private void configure(List<String> settings, String services) throws IOException {
        // Postfix leaves root's rights and must still reach its folders
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        List<String> lines = new ArrayList<>(List.of(
                "compatibility_level = 3.6",
                "queue_directory = " + folder.resolve("queue"),
                "data_directory = " + folder.resolve("data"),
                "maillog_file = " + log(folder),
                "maillog_file_prefixes = " + folder,
                "myhostname = postfix.example.net",
                "mydestination =",
                "alias_maps =",
                "alias_database =",
                "local_recipient_maps =",
                "inet_interfaces = loopback-only",
                "inet_protocols = ipv4",
                "mynetworks = 127.0.0.0/8",
                "smtpd_relay_restrictions = permit_mynetworks, reject",
                "smtpd_peername_lookup = no",
                "smtp_dns_support_level = disabled",
                "append_dot_mydomain = no",
                "smtputf8_enable = yes",
                "in_flow_delay = 0"));
        lines.addAll(settings);
        Files.createDirectory(folder.resolve("queue"));
        Files.write(folder.resolve("main.cf"), lines, StandardCharsets.UTF_8);
        writeServices(services);
    }

    private void writeServices(String services) throws IOException {
        Files.writeString(
                folder.resolve("master.cf"), INNER_SERVICES + services.stripTrailing() + "\n", StandardCharsets.UTF_8);
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
        List<ProcessHandle> children =
                master().stream().flatMap(ProcessHandle::descendants).toList();
        long before = reloads(log());
        writeServices(lines.replace("HOST", host));
        run("/usr/sbin/postfix", "-c", folder.toString(), "reload");
        if (!holds(() -> reloads(log()) > before, TIME_TO_RUN)) {
            throw new IOException("Postfix did not reload within " + TIME_TO_RUN);
        }
        // a process of before may still be given work until it has seen the end of what it waits on; a busy one stays
        boolean _ = gone(children, TIME_TO_REPLACE);
    }

    private static long reloads(List<String> log) {
        return log.stream().filter(line -> line.contains("reload -- version")).count();
    }

    /** Stops it as an administrator would. What is in the queue stays there. */
    public void stop() throws IOException, InterruptedException {
        end(ProcessHandle::destroy);
    }

    /** Ends all its processes at once (SIGKILL), as a crash would. */
    public void kill() throws IOException, InterruptedException {
        end(ProcessHandle::destroyForcibly);
    }

    private void end(Consumer<ProcessHandle> how) throws IOException, InterruptedException {
        Optional<ProcessHandle> master = master();
        if (master.isEmpty()) {
            return;
        }
        List<ProcessHandle> all =
                Stream.concat(master.stream(), master.get().descendants()).toList();
        how.accept(master.get());
        if (!gone(List.of(master.get()), TIME_TO_STOP)) {
            throw new IOException("Postfix did not stop within " + TIME_TO_STOP);
        }
        // a helper that is in the middle of a delivery may finish it
        if (!gone(all, Duration.ofSeconds(1))) {
            all.forEach(ProcessHandle::destroyForcibly);
            if (!gone(all, TIME_TO_STOP)) {
                throw new IOException("a process of Postfix cannot be ended");
            }
        }
    }

    private static boolean gone(List<ProcessHandle> processes, Duration limit)
            throws IOException, InterruptedException {
        return holds(() -> processes.stream().noneMatch(ProcessHandle::isAlive), limit);
    }

    /** The process that rules all others; empty if it does not run. */
    public Optional<ProcessHandle> master() throws IOException {
        Path pidFile = folder.resolve("queue/pid/master.pid");
        if (!Files.exists(pidFile)) {
            return Optional.empty();
        }
        String pid = Files.readString(pidFile, StandardCharsets.US_ASCII).strip();
        return pid.isEmpty()
                ? Optional.empty()
                : ProcessHandle.of(Long.parseLong(pid))
                        .filter(process -> process.info().command().orElse("").endsWith("/master"));
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
        Path file = log(folder);
        return Files.exists(file)
                ? Files.readString(file, StandardCharsets.ISO_8859_1).lines().toList()
                : List.of();
    }

    private static Path log(Path folder) {
        return folder.resolve("maillog");
    }

    /** Waits for a line of its log. Throws {@link AssertionError} with the log if there is none within the limit. */
    public String awaitLog(Predicate<String> line, Duration limit) throws IOException, InterruptedException {
        if (!holds(() -> log().stream().anyMatch(line), limit)) {
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
        if (!holds(() -> queue().size() == messages, limit)) {
            throw new AssertionError("expected " + messages + " messages in the queue, found " + queue() + "\n"
                    + String.join("\n", log()));
        }
    }

    /** Has it try to deliver all that is in its queue now. */
    public void flush() throws IOException, InterruptedException {
        run("/usr/sbin/postqueue", "-c", folder.toString(), "-f");
    }

    private String run(String... command) throws IOException, InterruptedException {
        Path output = folder.resolve("output-of-" + Path.of(command[0]).getFileName());
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
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

    /** Something that becomes true. */
    @FunctionalInterface
    private interface Condition {
        boolean holds() throws IOException, InterruptedException;
    }

    private static boolean holds(Condition condition, Duration limit) throws IOException, InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        while (!condition.holds()) {
            if (System.nanoTime() > end) {
                return false;
            }
            Thread.sleep(POLL);
        }
        return true;
    }

    /** Ends it and deletes its folder. */
    @Override
    public void close() throws IOException {
        try {
            stop();
        } catch (InterruptedException interrupted) {
            master().ifPresent(master -> {
                master.descendants().forEach(ProcessHandle::destroyForcibly);
                master.destroyForcibly();
            });
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
