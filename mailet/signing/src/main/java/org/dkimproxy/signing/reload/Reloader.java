package org.dkimproxy.signing.reload;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.dkimproxy.signing.reload.ShrinkReview.Verdict;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the configuration read again when it is asked to, and when a file of it has changed. All of it happens on one
 * thread, one reading after the other; requests that come during a reading are met by one more.
 *
 * <p>A reading during which a file changes is repeated. A change by which a map or conf file loses most of its entries counts
 * once it has lasted for {@link ShrinkReview#HOLD}, or at once if the reading was requested.
 */
public final class Reloader implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Reloader.class);

    /** A change is read after two looks that saw the same: within two seconds. */
    private static final Duration POLL = Duration.ofMillis(750);

    /** After so many readings during which a file changed, a requested one waits for the files as an automatic one does. */
    private static final int MOST_ATTEMPTS = 5;

    private static final Duration BETWEEN_ATTEMPTS = Duration.ofMillis(100);

    private final FileWatch watch;
    private final ShrinkReview review;
    private final Reloadable configuration;
    private final Duration poll;
    private final Semaphore requests = new Semaphore(0);
    private final BlockingQueue<CountDownLatch> waiting = new LinkedBlockingQueue<>();
    private Duration nextLook;
    private volatile boolean closed;

    private Reloader(FileStamps files, EntryCounts entries, Reloadable configuration, Duration poll) {
        this.watch = new FileWatch(files);
        this.review = new ShrinkReview(entries);
        this.configuration = configuration;
        this.poll = poll;
        this.nextLook = poll;
    }

    /**
     * Begins to watch.
     *
     * @param files what the configuration in use was read from
     * @param entries how many entries they have
     */
    public static Reloader start(FileStamps files, EntryCounts entries, Reloadable configuration) {
        return start(files, entries, configuration, POLL);
    }

    static Reloader start(FileStamps files, EntryCounts entries, Reloadable configuration, Duration poll) {
        Reloader reloader = new Reloader(files, entries, configuration, poll);
        Thread.ofPlatform().daemon().name("dkimproxy-reload").start(reloader::run);
        return reloader;
    }

    /** Asks for a reading; returns at once. */
    public void request() {
        requests.release();
    }

    /**
     * Asks for a reading and waits until it is over.
     *
     * @return false if it is not over in time, or the watching ends before
     */
    public boolean requestAndWait(Duration timeout) throws InterruptedException {
        CountDownLatch done = new CountDownLatch(1);
        waiting.add(done);
        request();
        if (closed) {
            return false;
        }
        return done.await(timeout.toMillis(), TimeUnit.MILLISECONDS) && !closed;
    }

    /** Ends the watching. A reading in progress is finished. */
    @Override
    public void close() {
        closed = true;
        requests.release();
    }

    private void run() {
        try {
            watch();
        } finally {
            waiting.forEach(CountDownLatch::countDown);
        }
    }

    private void watch() {
        while (!closed) {
            try {
                boolean asked = requests.tryAcquire(nextLook.toMillis(), TimeUnit.MILLISECONDS);
                asked |= requests.drainPermits() > 0;
                nextLook = poll;
                if (closed) {
                    return;
                }
                if (asked) {
                    serveRequests();
                } else if (filesChanged()) {
                    read(false);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (RuntimeException | Error fault) {
                logFault("cannot watch the files of the configuration; another attempt follows", fault);
            }
        }
    }

    private boolean filesChanged() {
        FileWatch.Finding finding = watch.look();
        finding.gone().forEach(path -> LOG.warn("file {} is gone; what was read from it stays in use", path));
        return finding.changed();
    }

    private void serveRequests() throws InterruptedException {
        // threads that begin to wait from now on have another request pending
        List<CountDownLatch> served = new ArrayList<>();
        waiting.drainTo(served);
        try {
            readAsRequested();
        } finally {
            served.forEach(CountDownLatch::countDown);
        }
    }

    private void readAsRequested() throws InterruptedException {
        for (int attempt = 1; !closed; attempt++) {
            if (read(true) != Verdict.CHANGED) {
                return;
            }
            if (attempt == MOST_ATTEMPTS) {
                LOG.warn(
                        "configuration not reloaded: a file changes while it is read; it is read once it stays the same");
                return;
            }
            Thread.sleep(BETWEEN_ATTEMPTS);
        }
    }

    private Verdict read(boolean isRequested) {
        Judgement judgement = new Judgement(isRequested);
        try {
            Reloadable.Outcome outcome = configuration.reload(judgement);
            outcome.inUse().ifPresent(review::use);
            switch (judgement.verdict) {
                case ADMITTED -> watch.read(outcome.files());
                case HELD -> nextLook = ShrinkReview.HOLD;
                case CHANGED -> {}
            }
        } catch (RuntimeException | Error fault) {
            // a map that is too large for the memory must not end the reloads for ever
            logFault(
                    "configuration reload failed by an internal error; the previous configuration stays active", fault);
            watch.skip();
        }
        return judgement.verdict;
    }

    /** The review of one reading. */
    private final class Judgement implements ReloadReview {
        private final boolean isRequested;
        private Verdict verdict = Verdict.ADMITTED;

        Judgement(boolean isRequested) {
            this.isRequested = isRequested;
        }

        @Override
        public boolean admits(FileStamps files, EntryCounts entries) {
            verdict = review.judge(isRequested, isRequested ? files : watch.seen(), files, entries);
            return verdict == Verdict.ADMITTED;
        }
    }

    private static void logFault(String what, Throwable fault) {
        try {
            LOG.error(what, fault);
        } catch (RuntimeException | Error noMemoryEvenForThat) {
            // the next fault may be told
        }
    }
}
