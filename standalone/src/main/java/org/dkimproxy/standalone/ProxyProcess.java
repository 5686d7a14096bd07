package org.dkimproxy.standalone;

import java.time.Duration;
import java.util.Optional;
import org.dkimproxy.standalone.daemon.PidFile;
import org.dkimproxy.standalone.daemon.ServiceManager;
import org.dkimproxy.standalone.log.ProgramLog;
import org.dkimproxy.standalone.proxy.Listener;

/**
 * The process while it listens, and the ways in which it ends.
 *
 * @param manager who is told
 */
record ProxyProcess(Listener listener, Optional<PidFile> pidFile, ServiceManager manager, ProgramLog log) {
    private static final Duration TIME_TO_STOP = Duration.ofSeconds(10);
    private static final Duration TIME_TO_DRAIN = Duration.ofMinutes(5);
    private static final int DONE = 0;

    /** Serves clients until a signal ends it. */
    void serve() {
        listener.serve();
        listener.awaitEndOfSessions(TIME_TO_DRAIN);
    }

    /** From now on a signal ends the process in good order. */
    void stopOnSignals() {
        Runtime.getRuntime().addShutdownHook(new Thread(this::stop, "stop"));
    }

    /** Ends with the last session. */
    void drain() {
        log.info("no more clients are accepted; the program ends with the last session");
        manager.stopping();
        listener.drain();
    }

    /** Takes back what was done, for a start that failed; the exit code is the caller's. */
    void abandon() {
        listener.stop(Duration.ZERO);
        pidFile.ifPresent(file -> file.remove(log));
    }

    /**
     * Runs when a signal ends the program, and at the end of a drain; the exit code would be the signal's if the program
     * were not halted.
     */
    private void stop() {
        if (listener.stop(TIME_TO_STOP)) {
            manager.stopping();
            pidFile.ifPresent(file -> file.remove(log));
            log.info("stopped");
            log.flush();
            Runtime.getRuntime().halt(DONE);
        }
    }
}
