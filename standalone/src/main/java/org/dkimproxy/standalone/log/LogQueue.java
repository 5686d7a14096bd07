package org.dkimproxy.standalone.log;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * Lines on their way to a place that may take its time. Whoever logs never waits: a thread of the queue's own writes the
 * lines in order, and lines for which there is no room are counted and left out. Thread-safe.
 */
final class LogQueue {
    /** Characters that may wait: some ten thousand lines. */
    static final int CAPACITY = 4 * 1024 * 1024;

    private record Line(LogLevel level, String text) {}

    private final LogTarget target;
    private final Consumer<String> complaints;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition news = lock.newCondition();
    private final Condition progress = lock.newCondition();
    private final Deque<Line> waiting = new ArrayDeque<>();
    private int waitingCharacters;
    private long leftOut;
    private long taken;
    private long done;

    /** Used by the writing thread alone. */
    private long failed;

    private LogQueue(LogTarget target, Consumer<String> complaints) {
        this.target = target;
        this.complaints = complaints;
    }

    /**
     * A queue whose thread runs as long as the process.
     *
     * @param name of the thread
     * @param complaints takes, once for each time of trouble, why lines cannot be written
     */
    static LogQueue start(String name, LogTarget target, Consumer<String> complaints) {
        LogQueue queue = new LogQueue(target, complaints);
        Thread.ofPlatform().daemon().name(name).start(queue::run);
        return queue;
    }

    /** Takes a line, or counts it as lost; after a loss lines are taken again when half of the room is free. */
    void offer(LogLevel level, String text) {
        lock.lock();
        try {
            int room = leftOut == 0 ? CAPACITY : CAPACITY / 2;
            if (waitingCharacters + text.length() > room) {
                leftOut++;
                return;
            }
            tellOfLeftOut();
            take(new Line(level, text));
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until the lines so far are written.
     *
     * @return false if some are not after this time
     */
    boolean flush(Duration time) {
        long left = time.toNanos();
        lock.lock();
        try {
            tellOfLeftOut();
            long goal = taken;
            while (done < goal) {
                if (left <= 0) {
                    return false;
                }
                left = progress.awaitNanos(left);
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }

    private void tellOfLeftOut() {
        if (leftOut > 0) {
            take(lost(leftOut));
            leftOut = 0;
        }
    }

    private void take(Line line) {
        waiting.add(line);
        waitingCharacters += line.text().length();
        taken++;
        news.signal();
    }

    private static Line lost(long count) {
        return new Line(LogLevel.WARNING, count + (count == 1 ? " log line lost" : " log lines lost"));
    }

    private void run() {
        while (true) {
            write(next());
            lock.lock();
            try {
                done++;
                progress.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    private Line next() {
        lock.lock();
        try {
            while (waiting.isEmpty()) {
                news.awaitUninterruptibly();
            }
            Line line = waiting.remove();
            waitingCharacters -= line.text().length();
            return line;
        } finally {
            lock.unlock();
        }
    }

    private void write(Line line) {
        try {
            if (failed > 0) {
                Line told = lost(failed);
                target.write(told.level(), told.text());
                failed = 0;
            }
            target.write(line.level(), line.text());
        } catch (IOException | RuntimeException | Error e) {
            failed++;
            if (failed == 1) {
                complain(e);
            }
        }
    }

    /** Nothing may end the thread, or all lines after would be lost. */
    private void complain(Throwable reason) {
        try {
            complaints.accept((reason instanceof IOException ? reason.getMessage() : Faults.describe(reason))
                    + "; its lines are lost until that changes");
        } catch (RuntimeException | Error untold) {
            // the lines are counted all the same, and the count is written when lines can be
        }
    }
}
