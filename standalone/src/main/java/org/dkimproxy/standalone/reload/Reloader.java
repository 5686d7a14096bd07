package org.dkimproxy.standalone.reload;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.dkimproxy.standalone.files.FileStamps;
import org.dkimproxy.standalone.log.DkimproxyLog;
import org.dkimproxy.standalone.log.Faults;

/**
 * Has the configuration read again when it is asked to, and when a file of it has changed. All of it happens on one
 * thread, one reading after the other; requests that come during a reading are met by one more.
 */
public final class Reloader implements AutoCloseable {
    /** A change is read after two looks that saw the same: within two seconds. */
    private static final Duration POLL = Duration.ofMillis(750);

    private final FileWatch watch;
    private final Supplier<FileStamps> reading;
    private final DkimproxyLog log;
    private final Duration poll;
    private final Semaphore requests = new Semaphore(0);
    private volatile boolean closed;

    private Reloader(FileStamps files, Supplier<FileStamps> reading, DkimproxyLog log, Duration poll) {
        this.watch = new FileWatch(files);
        this.reading = reading;
        this.log = log;
        this.poll = poll;
    }

    /**
     * Begins to watch.
     *
     * @param files what the configuration in use was read from
     * @param reading reads everything, swaps it if it is good, logs what became of it, and returns the files to watch
     *     from then on, with their stamps from before they were read
     */
    public static Reloader start(FileStamps files, Supplier<FileStamps> reading, DkimproxyLog log) {
        return start(files, reading, log, POLL);
    }

    static Reloader start(FileStamps files, Supplier<FileStamps> reading, DkimproxyLog log, Duration poll) {
        Reloader reloader = new Reloader(files, reading, log, poll);
        Thread.ofPlatform().daemon().name("reload").start(reloader::run);
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
        try {
            while (!closed) {
                boolean asked = requests.tryAcquire(poll.toMillis(), TimeUnit.MILLISECONDS);
                requests.drainPermits();
                if (!closed && (asked || filesChanged())) {
                    read();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean filesChanged() {
        FileWatch.Finding finding = watch.look();
        finding.gone().forEach(path -> log.warning("file " + path + " is gone; what was read from it stays in use"));
        return finding.changed();
    }

    private void read() {
        try {
            watch.read(reading.get());
        } catch (RuntimeException fault) {
            log.error("configuration reload failed by a fault of this program; the one before stays in use: "
                    + Faults.describe(fault));
            watch.skip();
        }
    }
}
