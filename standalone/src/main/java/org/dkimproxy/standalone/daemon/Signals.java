package org.dkimproxy.standalone.daemon;

import java.time.Duration;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.concurrent.locks.LockSupport;
import org.dkimproxy.standalone.log.DkimproxyLog;

/** Has signals answered, each within a fifth of a second, on a thread of its own. */
public final class Signals {
    private static final Duration POLL = Duration.ofMillis(200);

    private Signals() {}

    /**
     * From now on these signals have these answers; where that cannot be, the log says so. Signals of one kind that come
     * close together have one answer, which begins after the last of them.
     *
     * @param answers are short
     */
    public static void answer(Map<Signal, Runnable> answers, DkimproxyLog log) {
        SignalTraps traps;
        try {
            traps = new SignalTraps();
        } catch (NoSuchElementException | UnsupportedOperationException | IllegalCallerException e) {
            log.warning("signals HUP and QUIT are not answered here: " + e.getMessage());
            return;
        }
        answers.keySet().forEach(traps::arm);
        Thread.ofPlatform().daemon().name("signals").start(() -> {
            while (true) {
                LockSupport.parkNanos(POLL.toNanos());
                answers.forEach((signal, answer) -> {
                    if (traps.hasCome(signal)) {
                        traps.arm(signal);
                        answer.run();
                    }
                });
            }
        });
    }
}
