package org.dkimproxy.interop;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.dkimproxy.testkit.Await;

/** A Debian whose first process is a real systemd, in a container of systemd-nspawn that shares the network of this machine. */
final class BootedDebian {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /** systemd in a container powers off on SIGRTMIN+3, and systemd-nspawn sends it that when it is told to end. */
    private static final List<String> NSPAWN =
            List.of("systemd-nspawn", "--quiet", "--register=no", "--keep-unit", "--kill-signal=SIGRTMIN+3", "--boot");

    private final Process container;
    private final long init;
    private final Path console;

    private BootedDebian(Process container, long init, Path console) {
        this.container = container;
        this.init = init;
        this.console = console;
    }

    /** Boots, and waits until all has been started that starts by itself. */
    static BootedDebian boot(DebianRoot root, Path folder) throws IOException, InterruptedException {
        Path console = folder.resolve("console.txt");
        List<String> command = new ArrayList<>(NSPAWN);
        command.addAll(List.of("--machine=dkimproxy", "--directory=" + root.path()));
        Process container = new ProcessBuilder(command)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectErrorStream(true)
                .redirectOutput(console.toFile())
                .start();
        try {
            BootedDebian booted = new BootedDebian(container, awaitInit(container, console), console);
            booted.awaitRunning();
            return booted;
        } catch (IOException | InterruptedException | RuntimeException | Error e) {
            container.destroyForcibly();
            throw e;
        }
    }

    /** Runs a program in it, as root and with the environment that a system service has. */
    Programs.Result run(String... command) throws IOException {
        List<String> words = new ArrayList<>(List.of(
                "nsenter",
                "--target=" + init,
                "--mount",
                "--uts",
                "--ipc",
                "--pid",
                "--root",
                "--wd",
                "/usr/bin/env",
                "-i",
                "PATH=/usr/sbin:/usr/bin:/sbin:/bin",
                "DEBIAN_FRONTEND=noninteractive",
                "LC_ALL=C"));
        words.addAll(List.of(command));
        return Programs.run(PATIENCE, words);
    }

    /** Ends it in good order. */
    void powerOff() throws IOException, InterruptedException {
        container.destroy();
        if (!container.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            container.destroyForcibly();
            throw new IOException("the container does not end: " + text(console));
        }
    }

    private static long awaitInit(Process container, Path console) throws IOException, InterruptedException {
        boolean _ = Await.holds(() -> init(container).isPresent() || !container.isAlive(), PATIENCE);
        Optional<ProcessHandle> init = init(container);
        if (init.isEmpty()) {
            throw new IOException("no systemd starts here: " + text(console));
        }
        return init.get().pid();
    }

    private static Optional<ProcessHandle> init(Process container) {
        return container
                .descendants()
                .filter(process -> process.info().command().orElse("").endsWith("/systemd"))
                .findFirst();
    }

    private void awaitRunning() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        Programs.Result state;
        do {
            state = run("systemctl", "is-system-running", "--wait");
            if (state.output().startsWith("running") || state.output().startsWith("degraded")) {
                return;
            }
            TimeUnit.MILLISECONDS.sleep(100);
        } while (System.nanoTime() < deadline);
        throw new IOException("systemd does not come up: " + state.output() + state.errors() + text(console));
    }

    private static String text(Path file) throws IOException {
        return Files.readString(file, StandardCharsets.ISO_8859_1);
    }
}
