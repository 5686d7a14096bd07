package org.dkimproxy.interop;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.dkimproxy.testkit.Await;
import org.dkimproxy.testkit.SignalSender;

/** A system log of the test's own: what is sent to its socket, line by line. */
final class SystemLogListener implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Process process;
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final CountDownLatch listening = new CountDownLatch(1);

    /** Listens on the socket {@code log} of this directory, a new one if there is one already. */
    SystemLogListener(Path directory) throws IOException, InterruptedException {
        process = new ProcessBuilder(
                        "/usr/bin/python3",
                        Programs.script("syslog-listener.py"),
                        directory.resolve("log").toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        Thread.ofVirtual().start(this::read);
        if (!listening.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IOException("the listener does not listen");
        }
    }

    /** Reads nothing from its socket until {@link #resume}. */
    void stall() throws IOException, InterruptedException {
        signal("STOP");
    }

    void resume() throws IOException, InterruptedException {
        signal("CONT");
    }

    /** Waits until there are so many lines of a kind; returns all lines. */
    List<String> await(int count, Predicate<String> kind) throws InterruptedException {
        Await.until(
                () -> lines.stream().filter(kind).count() >= count,
                PATIENCE,
                () -> count + " such lines:\n" + String.join("\n", lines));
        return List.copyOf(lines);
    }

    /** Dies and leaves its socket behind. */
    void die() {
        process.destroyForcibly();
    }

    @Override
    public void close() {
        die();
    }

    private void signal(String name) throws IOException, InterruptedException {
        SignalSender.send(name, process.pid());
    }

    private void read() {
        try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                if (listening.getCount() == 0) {
                    lines.add(line);
                }
                listening.countDown();
            }
        } catch (IOException closed) {
            lines.add("[" + closed.getMessage() + "]");
        }
    }
}
