package org.dkimproxy.interop;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.dkimproxy.testkit.Await;
import org.dkimproxy.testkit.SignalSender;

/** A process that runs in the background, known by its PID file. */
final class Daemon implements AutoCloseable {
    private static final Path PROC = Path.of("/proc");

    private final long pid;

    private Daemon(long pid) {
        this.pid = pid;
    }

    /** The process of which this file tells. */
    static Daemon of(Path pidFile) throws IOException {
        String text = Files.readString(pidFile, StandardCharsets.US_ASCII);
        if (!text.matches("[0-9]+\n")) {
            throw new AssertionError("PID file holds \"" + text + "\"");
        }
        return new Daemon(Long.parseLong(text.strip()));
    }

    long pid() {
        return pid;
    }

    void signal(String name) throws IOException, InterruptedException {
        SignalSender.send(name, pid);
    }

    /** Where a link in its folder of the proc file system leads to. */
    String link(String name) throws IOException {
        return Files.readSymbolicLink(PROC.resolve(Long.toString(pid)).resolve(name))
                .toString();
    }

    /** A field of its status: its name and the text after it. */
    String status(String name) throws IOException {
        return fields(PROC.resolve(Long.toString(pid)).resolve("status")).getOrDefault(name, "");
    }

    /** A field of the status of each of its threads, and how many threads have it; nothing of those that end meanwhile. */
    Map<String, Integer> statusOfThreads(String name) throws IOException {
        Map<String, Integer> counts = new TreeMap<>();
        try (var threads = Files.list(PROC.resolve(Long.toString(pid)).resolve("task"))) {
            for (Path thread : threads.toList()) {
                try {
                    counts.merge(fields(thread.resolve("status")).getOrDefault(name, ""), 1, Integer::sum);
                } catch (IOException broken) {
                    if (Files.exists(thread)) {
                        throw broken;
                    }
                }
            }
        }
        return counts;
    }

    /** The number of the session that it is in. */
    long session() throws IOException {
        return Long.parseLong(statFields(PROC.resolve(Long.toString(pid)).resolve("stat"))[3]);
    }

    /** Whether it runs; one that ended and that nobody waited for does not. */
    boolean isAlive() {
        try {
            return !status("State").startsWith("Z");
        } catch (IOException gone) {
            return false;
        }
    }

    void awaitEnd() throws InterruptedException {
        await(() -> !isAlive(), "the end of process " + pid);
    }

    /** Waits for a condition, within the patience of all these tests. */
    static void await(BooleanSupplier condition, String what) throws InterruptedException {
        Await.until(condition::getAsBoolean, Site.PATIENCE, () -> what);
    }

    @Override
    public void close() {
        ProcessHandle.of(pid).filter(handle -> isAlive()).ifPresent(ProcessHandle::destroyForcibly);
    }

    /** The fields of a stat (proc(5)) from the third on: those before are the number and the name, which may hold blanks. */
    private static String[] statFields(Path file) throws IOException {
        String stat = Files.readString(file, StandardCharsets.ISO_8859_1);
        return stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    }

    private static Map<String, String> fields(Path status) throws IOException {
        Map<String, String> fields = new TreeMap<>();
        for (String line : Files.readAllLines(status, StandardCharsets.ISO_8859_1)) {
            String[] parts = line.split(":", 2);
            fields.put(parts[0], parts[1].strip().replaceAll("\\s+", " "));
        }
        return fields;
    }
}
