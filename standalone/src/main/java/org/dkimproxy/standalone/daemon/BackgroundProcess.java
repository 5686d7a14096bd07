package org.dkimproxy.standalone.daemon;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.dkimproxy.standalone.posix.SystemCall;
import org.dkimproxy.standalone.posix.SystemCallException;

/**
 * This process, when it is the one that {@link Background} started: it leaves the session of the terminal and the working
 * directory, ends if its starter does, and notifies its starter when it serves.
 */
public final class BackgroundProcess {
    private static final int ABANDONED = 1;

    private final StandardStreams streams;
    private volatile boolean serves;

    private BackgroundProcess(StandardStreams streams) {
        this.streams = streams;
    }

    /** Whether this process was started by {@link Background}. */
    public static boolean isThis() {
        return Boolean.getBoolean(Background.PROPERTY);
    }

    /**
     * Makes this process one in the background, if it was started to be one.
     *
     * @throws StartException if the system refuses
     */
    public static Optional<BackgroundProcess> begin() throws StartException {
        if (!isThis()) {
            return Optional.empty();
        }
        try {
            new SystemCall("setsid").call();
            WorkingDirectory.changeToRoot();
            BackgroundProcess process = new BackgroundProcess(new StandardStreams());
            Thread.ofPlatform().daemon().name("starter").start(() -> process.endWithStarter(System.in));
            return Optional.of(process);
        } catch (SystemCallException e) {
            throw new StartException("daemonize: " + e.getMessage());
        }
    }

    /**
     * Closes the starter's standard error, and notifies the starter that this process serves.
     *
     * @throws StartException if there is no starter any more
     */
    public void tellReady() throws StartException {
        try {
            serves = true;
            streams.cut(StandardStreams.ERROR);
            // not to be closed by Java, which would look for /dev/null in a root directory that may have none
            new FileOutputStream(FileDescriptor.out).write(Background.READY.getBytes(StandardCharsets.US_ASCII));
            streams.cut(StandardStreams.OUTPUT);
            streams.cut(StandardStreams.INPUT);
        } catch (IOException e) {
            throw StartException.temporary("daemonize: nobody waits for this program to serve");
        } catch (SystemCallException e) {
            throw new StartException("daemonize: " + e.getMessage());
        }
    }

    /** A start that its starter has abandoned must not complete. */
    private void endWithStarter(InputStream in) {
        try {
            while (in.read() >= 0) {
                // nothing is said on it
            }
        } catch (IOException gone) {
            // as good as its end
        }
        if (!serves) {
            System.exit(ABANDONED);
        }
    }
}
