package org.dkimproxy.standalone.daemon;

import java.time.Duration;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.dkimproxy.standalone.log.DkimproxyLog;

/**
 * Has signals answered, each within a fifth of a second, on a thread of its own. A signal that comes between
 * {@link #trap} and {@link #answer} is answered then.
 */
public final class Signals {
    private static final Duration POLL = Duration.ofMillis(200);

    private final Optional<SignalTraps> traps;
    private final String whyNot;

    private Signals(Optional<SignalTraps> traps, String whyNot) {
        this.traps = traps;
        this.whyNot = whyNot;
    }

    /** Those of this process, ready to be {@link #trap}ped; to find what that needs takes a while. */
    public static Signals ofThisProcess() {
        try {
            return new Signals(Optional.of(new SignalTraps()), "");
        } catch (NoSuchElementException | UnsupportedOperationException | IllegalCallerException e) {
            return untrapped(String.valueOf(e.getMessage()));
        }
    }

    /**
     * Signals do what the virtual machine has them do.
     *
     * @param why for the log
     */
    public static Signals untrapped(String why) {
        return new Signals(Optional.empty(), why);
    }

    /** From now on none of the signals ends the process, unless they are to be untrapped. */
    public void trap() {
        for (Signal signal : Signal.values()) {
            traps.ifPresent(set -> set.arm(signal));
        }
    }

    /**
     * From now on these signals have these answers; where that cannot be, the log says so. Signals of one kind that come
     * close together have one answer, which begins after the last of them.
     *
     * @param answers are short
     */
    public void answer(Map<Signal, Runnable> answers, DkimproxyLog log) {
        traps.ifPresentOrElse(
                set -> Thread.ofPlatform().daemon().name("signals").start(() -> answer(answers, set, log)),
                () -> log.warning("signals HUP and QUIT are not answered here: " + whyNot));
    }

    private static void answer(Map<Signal, Runnable> answers, SignalTraps traps, DkimproxyLog log) {
        AttachRequest request = new AttachRequest();
        while (true) {
            answers.forEach((signal, answer) -> {
                if (traps.hasCome(signal)) {
                    traps.arm(signal);
                    if (signal == Signal.QUIT && request.explainsQuit()) {
                        log.warning(
                                "signal QUIT came from a tool of Java, such as jcmd, that cannot reach this process;"
                                        + " it changes nothing");
                    } else {
                        answer.run();
                    }
                }
            });
            request.look();
            LockSupport.parkNanos(POLL.toNanos());
        }
    }
}
