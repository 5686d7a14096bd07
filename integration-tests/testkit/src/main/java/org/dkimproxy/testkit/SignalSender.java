package org.dkimproxy.testkit;

import java.io.File;
import java.io.IOException;
import java.util.concurrent.TimeUnit;

/**
 * Signals that Java cannot send itself ({@link ProcessHandle} has TERM and KILL only), sent by the {@code kill} that POSIX shells
 * have built in. The program of that name is in a package of its own on Debian, and a minimal system lacks it.
 */
public final class SignalSender {
    private static final long TIMEOUT_SECONDS = 20;

    private SignalSender() {}

    /**
     * Sends a signal to a process.
     *
     * @param name of the signal, without {@code SIG}
     * @throws IOException if there is no such process, or it belongs to somebody else
     */
    public static void send(String name, long pid) throws IOException, InterruptedException {
        Process shell = new ProcessBuilder("sh", "-c", "kill -s \"$1\" \"$2\"", "sh", name, Long.toString(pid))
                .redirectInput(new File("/dev/null"))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (!shell.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
            shell.destroyForcibly();
            throw new IOException("cannot send " + name + " to process " + pid + ": the shell takes too long");
        }
        if (shell.exitValue() != 0) {
            throw new IOException("cannot send " + name + " to process " + pid);
        }
    }
}
