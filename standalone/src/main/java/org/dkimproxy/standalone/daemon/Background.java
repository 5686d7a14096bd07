package org.dkimproxy.standalone.daemon;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Starts this program once more, in the background, and waits until it serves. A Java process cannot fork: it is a second
 * process from the first instruction, which knows by a property that it is the one in the background
 * ({@link BackgroundProcess}).
 *
 * <p>The two have pipes between them. The new process says on its standard output that it serves, and sees by the end of
 * its standard input that this one is gone. Its standard error is this one's until then, so its reasons are read where
 * they are expected.
 */
public final class Background {
    static final String PROPERTY = "dkimproxy.background";
    static final String READY = "ready\n";

    /** Octets that the process may say before it says that it serves. */
    private static final int MOST_SAID = 1024 * 1024;

    private static final int SERVES = 0;

    /** Above it, an exit code has the number of the signal that ended a process. */
    private static final int SIGNALLED = 128;

    private static final Path COMMAND_LINE = Path.of("/proc/self/cmdline");

    private Background() {}

    /**
     * Starts this program in the background.
     *
     * @param limit how long it may take until it serves; after that it is ended
     * @param err for what it cannot say itself
     * @return the exit code: 0 when it serves, else 1, or the 2 or 78 with which the process ended
     */
    public static int start(Duration limit, PrintStream err) {
        try {
            return start(command(), limit, err);
        } catch (IOException e) {
            err.println("Error: daemonize: " + e.getMessage());
            return ExitCodes.CANNOT_START;
        }
    }

    static int start(List<String> command, Duration limit, PrintStream err) throws IOException {
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            boolean serves = CompletableFuture.supplyAsync(
                            () -> saysReady(process.getInputStream()), Thread::startVirtualThread)
                    .get(limit.toMillis(), TimeUnit.MILLISECONDS);
            return serves ? SERVES : failure(process, limit, err);
        } catch (TimeoutException e) {
            err.println("Error: daemonize: the program in the background does not serve after " + limit.toSeconds()
                    + " seconds; it was ended");
        } catch (ExecutionException e) {
            err.println("Error: daemonize: " + e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        process.destroyForcibly();
        return ExitCodes.CANNOT_START;
    }

    /** Whether the process says that it serves. What else the virtual machine or a library may say before is passed over. */
    private static boolean saysReady(InputStream out) {
        StringBuilder line = new StringBuilder();
        try (InputStream said = new BufferedInputStream(out)) {
            for (int count = 0; count < MOST_SAID; count++) {
                int octet = said.read();
                if (octet < 0) {
                    return false;
                }
                line.append((char) octet);
                if (octet == '\n') {
                    if (READY.contentEquals(line)) {
                        return true;
                    }
                    line.setLength(0);
                }
            }
        } catch (IOException broken) {
            return false;
        }
        return false;
    }

    private static int failure(Process process, Duration limit, PrintStream err)
            throws InterruptedException, TimeoutException {
        if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new TimeoutException();
        }
        int code = process.exitValue();
        if (code > SIGNALLED) {
            err.println("Error: daemonize: the program in the background was ended by signal " + (code - SIGNALLED));
        }
        return code == ExitCodes.WRONG_USAGE || code == ExitCodes.EX_CONFIG ? code : ExitCodes.CANNOT_START;
    }

    /** The command line of this process, with the property that marks the new one. */
    private static List<String> command() throws IOException {
        ProcessHandle.Info self = ProcessHandle.current().info();
        Optional<String> executable = self.command();
        Optional<List<String>> arguments = Files.isReadable(COMMAND_LINE)
                ? Optional.of(arguments(Files.readAllBytes(COMMAND_LINE)))
                : self.arguments().map(List::of);
        if (executable.isEmpty() || arguments.isEmpty()) {
            throw new IOException("this system does not tell the program how it was started; run it in the foreground");
        }
        List<String> command = new ArrayList<>(List.of(executable.get(), "-D" + PROPERTY + "=true"));
        command.addAll(arguments.get());
        return command;
    }

    /** The words of a command line after the first; unlike {@link ProcessHandle}, at any length. */
    static List<String> arguments(byte[] commandLine) {
        String text = new String(commandLine, Charset.forName(System.getProperty("native.encoding", "UTF-8")));
        String[] words = text.split("\0", -1);
        // each word ends in a zero octet, so the last piece is none
        return Arrays.asList(words).subList(1, words.length - 1);
    }
}
