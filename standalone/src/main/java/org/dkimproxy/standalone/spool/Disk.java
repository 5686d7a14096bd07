package org.dkimproxy.standalone.spool;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Where work is done that may have to wait for a disk. A virtual thread that waits for a disk keeps its carrier from all
 * other sessions; so a few threads wait in the place of sessions, and a slow disk holds up those messages alone that need
 * it. Thread-safe.
 */
final class Disk {
    private static final int THREADS = 32;
    private static final long IDLE_SECONDS = 10;

    private final Executor executor;

    private Disk(Executor executor) {
        this.executor = executor;
    }

    /** On threads of its own, which end when there is nothing to do for a while. */
    static Disk onOwnThreads() {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                THREADS,
                THREADS,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                Thread.ofPlatform().daemon().name("disk").factory());
        pool.allowCoreThreadTimeOut(true);
        return new Disk(pool);
    }

    /** On the thread that asks for it. */
    static Disk onSameThread() {
        return new Disk(Runnable::run);
    }

    /**
     * Does the work and waits for its end.
     *
     * @throws IOException as the work did
     */
    <T> T call(Callable<T> work) throws IOException {
        FutureTask<T> task = new FutureTask<>(work);
        executor.execute(task);
        try {
            return task.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for the disk");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException fault) {
                throw fault;
            }
            throw new IllegalStateException(e.getCause());
        }
    }
}
