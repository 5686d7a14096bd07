package org.dkimproxy.testkit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The processes of one Postfix.
 *
 * @param pidFile where it writes the number of the one that rules all others
 */
record PostfixProcesses(Path pidFile) {
    private static final Duration TIME_TO_STOP = Duration.ofSeconds(20);

    /** The one that rules all others; empty if it does not run. */
    Optional<ProcessHandle> master() throws IOException {
        if (!Files.exists(pidFile)) {
            return Optional.empty();
        }
        String pid = Files.readString(pidFile, StandardCharsets.US_ASCII).strip();
        return pid.isEmpty()
                ? Optional.empty()
                : ProcessHandle.of(Long.parseLong(pid))
                        .filter(process -> process.info().command().orElse("").endsWith("/master"));
    }

    /** All others. */
    List<ProcessHandle> children() throws IOException {
        return master().stream().flatMap(ProcessHandle::descendants).toList();
    }

    /**
     * Ends the master in this way, and those at once that do not follow it soon.
     *
     * @throws IOException if one is left
     */
    void end(Consumer<ProcessHandle> how) throws IOException, InterruptedException {
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

    /** Waits until they have ended; returns whether that was so within the limit. */
    static boolean gone(List<ProcessHandle> processes, Duration limit) throws IOException, InterruptedException {
        return Await.holds(() -> processes.stream().noneMatch(ProcessHandle::isAlive), limit);
    }

    /** Ends all of them at once, and does not wait until they have ended. */
    void destroyForcibly() throws IOException {
        for (ProcessHandle child : children()) {
            child.destroyForcibly();
        }
        master().ifPresent(ProcessHandle::destroyForcibly);
    }
}
