package org.dkimproxy.standalone.session;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/** A file system of its own that is soon full. To mount one takes root; without it a test is left out, but not under CI. */
final class SmallDisk implements AutoCloseable {
    private final Path path;

    private SmallDisk(Path path) {
        this.path = path;
    }

    static SmallDisk mount(Path parent, long octets) throws IOException, InterruptedException {
        Path path = Files.createDirectory(parent.resolve("disk"));
        String fault = run("mount", "-t", "tmpfs", "-o", "size=" + octets, "tmpfs", path.toString());
        if (!fault.isEmpty()) {
            String text = "not proved here: a file system cannot be mounted, which takes root: " + fault;
            if (System.getenv().getOrDefault("CI", "").isEmpty()) {
                System.err.println(text);
                Assumptions.abort(text);
            }
            Assertions.fail(text);
        }
        return new SmallDisk(path);
    }

    Path path() {
        return path;
    }

    /** A spool file may be open for a moment more, so the file system goes when the last one does. */
    @Override
    public void close() throws IOException {
        try {
            run("umount", "--lazy", path.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Runs a program; returns what was wrong, which is nothing if it ends well. */
    private static String run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(20, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            return command[0] + " does not end";
        }
        return process.exitValue() == 0 ? "" : command[0] + ": " + said.strip();
    }
}
