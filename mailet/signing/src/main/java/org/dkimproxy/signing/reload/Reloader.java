package org.dkimproxy.signing.reload;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the configuration read again when it is asked to, and when a file of it has changed. All of it happens on one
 * thread, one reading after the other; requests that come during a reading are met by one more.
 */
public final class Reloader implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Reloader.class);

    /** A change is read after two looks that saw the same: within two seconds. */
    private static final Duration POLL = Duration.ofMillis(750);

    private final FileWatch watch;
    private final Supplier<FileStamps> reading;
    private final Duration poll;
    private final Semaphore requests = new Semaphore(0);
    private volatile boolean closed;

    private Reloader(FileStamps files, Supplier<FileStamps> reading, Duration poll) {
        this.watch = new FileWatch(files);
        this.reading = reading;
        this.poll = poll;
    }

    /**
     * Begins to watch.
     *
     * @param files what the configuration in use was read from
     * @param reading reads everything, swaps it if it is good, logs what became of it, and returns the files to watch
     *     from then on, with their stamps from before they were read
     */
    public static Reloader start(FileStamps files, Supplier<FileStamps> reading) {
        return start(files, reading, POLL);
    }

    static Reloader start(FileStamps files, Supplier<FileStamps> reading, Duration poll) {
        Reloader reloader = new Reloader(files, reading, poll);
        Thread.ofPlatform().daemon().name("dkimproxy-reload").start(reloader::run);
        return reloader;
    }

    /** Asks for a reading; returns at once. */
    public void request() {
        requests.release();
    }

    /** Ends the watching. A reading under way is finished. */
    @Override
    public void close() {
        closed = true;
        requests.release();
    }

    private void run() {
        while (!closed) {
            try {
                boolean asked = requests.tryAcquire(poll.toMillis(), TimeUnit.MILLISECONDS);
                requests.drainPermits();
                if (!closed && (asked || filesChanged())) {
                    read();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (RuntimeException | Error fault) {
                tell("the files of the configuration cannot be watched; another try follows", fault);
            }
        }
    }

    private boolean filesChanged() {
        FileWatch.Finding finding = watch.look();
        finding.gone().forEach(path -> LOG.warn("file {} is gone; what was read from it stays in use", path));
        return finding.changed();
    }

    private void read() {
        try {
            watch.read(reading.get());
        } catch (RuntimeException | Error fault) {
            // a map that is too large for the memory must not end the reloads for ever
            tell("configuration reload failed by a fault of this program; the one before stays in use", fault);
            watch.skip();
        }
    }

    private static void tell(String what, Throwable fault) {
        try {
            LOG.error(what, fault);
        } catch (RuntimeException | Error noMemoryEvenForThat) {
            // the next fault may be told
        }
    }
}
