package org.dkimproxy.standalone.log;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The log of a program that runs for long: to standard error, and to the system log or a file if asked for. Mail never
 * waits for it: each place has a {@link LogQueue}. Thread-safe.
 */
public final class ProgramLog implements AdjustableLog {
    private static final Duration TIME_TO_FLUSH = Duration.ofSeconds(1);
    private static final Path SYSTEM_LOG = Path.of("/dev/log");

    private final List<LogQueue> queues = new CopyOnWriteArrayList<>();
    private volatile LogLevel threshold = LogLevel.WARNING;
    private volatile boolean namesSessions;
    private volatile Optional<LogFile> file = Optional.empty();
    private final LogQueue ofStandardError;
    private final Surroundings surroundings;
    private boolean isOpen;

    /** Who sees standard error. */
    public enum Surroundings {
        /** A person, or a program that adds the time. */
        FOREGROUND,
        /** Nobody: lines go to the system log if to no file. */
        BACKGROUND,
        /** The journal of systemd, which takes the lines for the system log too: each is written to one of the two. */
        JOURNAL
    }

    /**
     * A log on standard error, with warnings and errors alone until its settings are known.
     *
     * @param surroundings where standard error goes
     */
    public ProgramLog(PrintStream standardError, Surroundings surroundings) {
        this.surroundings = surroundings;
        boolean isJournal = surroundings == Surroundings.JOURNAL;
        ofStandardError = LogQueue.start("log-stderr", new StreamTarget(standardError, isJournal), _ -> {});
        queues.add(ofStandardError);
    }

    /**
     * Follows these settings. Their destination counts the first time, later on the level alone: a file or the system log
     * might be out of reach by then, after a chroot and without the privileges of the start. Called by one thread at a time.
     */
    @Override
    public void adjust(LogSettings settings) throws IOException {
        if (!isOpen) {
            open(surroundings == Surroundings.BACKGROUND ? settings.inBackground() : settings);
            isOpen = true;
        }
        threshold = settings.threshold();
        namesSessions = settings.namesSessions();
    }

    /** Has the log file, if there is one, opened anew: it was rotated. */
    public void reopen() {
        file.ifPresent(LogFile::reopen);
    }

    @Override
    public void log(LogLevel level, String message) {
        if (isWanted(level)) {
            String line = LogLine.of(message) + (namesSessions ? LogSession.suffix() : "");
            queues.forEach(queue -> queue.offer(level, line));
        }
    }

    @Override
    public boolean isWanted(LogLevel level) {
        return level.isWithin(threshold);
    }

    /** Waits until the lines so far are written, in all for no more than a second. */
    @Override
    public void flush() {
        long deadline = System.nanoTime() + TIME_TO_FLUSH.toNanos();
        queues.forEach(queue -> queue.flush(Duration.ofNanos(deadline - System.nanoTime())));
    }

    private void open(LogSettings settings) throws IOException {
        switch (settings.destination()) {
            case LogSettings.Destination.None _ -> {}
            case LogSettings.Destination.SystemLog _ -> {
                queues.add(LogQueue.start("log-syslog", SystemLog.open(settings.syslog()), this::warning));
                if (surroundings == Surroundings.JOURNAL && Files.exists(SYSTEM_LOG)) {
                    queues.remove(ofStandardError);
                }
            }
            case LogSettings.Destination.File(var path) -> {
                if (surroundings == Surroundings.BACKGROUND && LogFile.isStandardOutput(path)) {
                    throw new IOException(
                            "log_file " + path + ": a program in the background has no standard output; name a file");
                }
                LogFile opened = LogFile.open(path, InstantSource.system(), this::warning);
                file = Optional.of(opened);
                queues.add(LogQueue.start("log-file", opened, this::warning));
            }
        }
    }
}
