package org.dkimproxy.interop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs foreign programs, in a bounded time, with nothing on their standard input. */
public final class Programs {
    private Programs() {}

    /** What a program left behind; the texts are ISO-8859-1, so that no octet is lost. */
    public record Result(int exit, String output, String errors) {
        /** The lines of the standard output; fails if the program did. */
        List<String> linesOfSuccess() {
            if (exit != 0) {
                throw new AssertionError("exit " + exit + ": " + errors + output);
            }
            return output.lines().toList();
        }
    }

    /** Runs a program to its end. Throws if it cannot be started or takes longer than the limit. */
    public static Result run(Duration limit, List<String> command) throws IOException {
        Path output = Files.createTempFile("output", ".txt");
        Path errors = Files.createTempFile("errors", ".txt");
        try {
            ProcessBuilder builder = new ProcessBuilder(command)
                    .redirectInput(
                            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .redirectOutput(output.toFile())
                    .redirectError(errors.toFile());
            builder.environment().put("LC_ALL", "C");
            Process process = builder.start();
            try {
                if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                    throw new IOException(command.getFirst() + " takes longer than " + limit.toSeconds() + " seconds");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted while " + command.getFirst() + " was running", e);
            } finally {
                process.destroyForcibly();
            }
            return new Result(
                    process.exitValue(),
                    Files.readString(output, StandardCharsets.ISO_8859_1),
                    Files.readString(errors, StandardCharsets.ISO_8859_1));
        } finally {
            Files.deleteIfExists(output);
            Files.deleteIfExists(errors);
        }
    }

    /** The path of a script among the test resources of this package. */
    static String script(String name) {
        URL found = Programs.class.getResource("/interop/" + name);
        if (found == null) {
            throw new UncheckedIOException(new IOException("no script " + name));
        }
        try {
            return Path.of(found.toURI()).toString();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
