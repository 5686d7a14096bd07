package org.dkimproxy.standalone;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/** The program as a process of its own, and the lines that it writes. */
final class ProgramProcess implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 30;

    private final Process process;
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition news = lock.newCondition();
    private final Thread reader;

    ProgramProcess(String... arguments) throws IOException {
        this(DkimproxyOut.class, arguments);
    }

    /** The same with a main class of its own. */
    ProgramProcess(Class<?> main, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
        command.addAll(List.of(arguments));
        process = new ProcessBuilder(command).redirectErrorStream(true).start();
        reader = Thread.ofVirtual().start(this::read);
    }

    /** Waits until it listens; returns its port. */
    int port() throws InterruptedException {
        String line = awaitLine(text -> text.startsWith("listening on "), 1);
        return Integer.parseInt(line.replaceAll(".*?:([0-9]+),.*", "$1"));
    }

    /** Waits for the line that comes as the {@code count}th of its kind. */
    String awaitLine(Predicate<String> kind, int count) throws InterruptedException {
        long left = TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        lock.lock();
        try {
            while (true) {
                List<String> found = lines.stream().filter(kind).toList();
                if (found.size() >= count) {
                    return found.get(count - 1);
                }
                if (left <= 0) {
                    throw new AssertionError("line not seen; log:\n" + String.join("\n", lines));
                }
                left = news.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    ProgramProcess signal(String name) throws IOException, InterruptedException {
        SignalSender.send(name, process.pid());
        return this;
    }

    /** Waits for the end; returns the exit code. */
    int exitCode() throws InterruptedException {
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("still running; log:\n" + String.join("\n", lines));
        }
        reader.join();
        return process.exitValue();
    }

    /** Writes a line to its standard input. */
    void sayLine() throws IOException {
        process.outputWriter(StandardCharsets.US_ASCII).append("now\n").flush();
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    List<String> lines() {
        return List.copyOf(lines);
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    private void read() {
        try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                lock.lock();
                try {
                    lines.add(line);
                    news.signalAll();
                } finally {
                    lock.unlock();
                }
            }
        } catch (IOException e) {
            lines.add("[" + e.getMessage() + "]");
        }
    }
}
