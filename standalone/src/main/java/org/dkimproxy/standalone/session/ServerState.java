package org.dkimproxy.standalone.session;

import java.util.concurrent.atomic.AtomicReference;

/** How far the proxy has got on its way to its end. It goes only forward. Thread-safe. */
final class ServerState {
    private enum Phase {
        SERVING,
        /** Sessions end before their next command; messages in flight may still come in. */
        STOPPING,
        /** Messages that are still coming in end too. */
        CUTTING
    }

    private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.SERVING);

    /** Begins to stop; false if another thread has done so before. */
    boolean stop() {
        return phase.compareAndSet(Phase.SERVING, Phase.STOPPING);
    }

    /** Ends the time for messages that are still coming in. */
    void cut() {
        phase.set(Phase.CUTTING);
    }

    /** Whether sessions end before their next command. */
    boolean isStopping() {
        return phase.get() != Phase.SERVING;
    }

    /** Whether messages that are still coming in end. */
    boolean isCutting() {
        return phase.get() == Phase.CUTTING;
    }
}
