package org.dkimproxy.standalone.session;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * When one side of a session lets the others have their turn on a processor. A virtual thread gives its carrier away
 * where it waits and nowhere else, and a peer whose octets are there whenever they are asked for is never waited for.
 * Used by one thread at a time.
 */
final class FairReads {
    private static final int MOST_READS_IN_TURN = 4;
    private static final int MOST_READS_BETWEEN_PAUSES = 256;
    private static final Duration PAUSE = Duration.ofMillis(1);

    private final Transport transport;
    private int readsInTurn;
    private int readsSincePause;
    private boolean awaitsAnswer;

    FairReads(Transport transport) {
        this.transport = transport;
    }

    /** The next read is of an answer, which takes its time. */
    void expectAnswer() {
        awaitsAnswer = true;
    }

    /** To be called before each read that may wait without end. */
    void beforeRead() throws IOException {
        readsInTurn++;
        readsSincePause++;
        if (readsSincePause > MOST_READS_BETWEEN_PAUSES) {
            pauseUnlessReadWaits();
        } else if (awaitsAnswer || readsInTurn > MOST_READS_IN_TURN || !transport.hasInput()) {
            yieldTurn();
        }
        awaitsAnswer = false;
    }

    /** After those of others the peer has often said what would have had to be waited for. */
    @SuppressWarnings("ThreadPriorityCheck") // a hint that nothing depends on
    private void yieldTurn() {
        readsInTurn = 0;
        Thread.yield();
    }

    /**
     * Threads that yield go into one of the scheduler's queues, and as long as that is never empty its carrier takes
     * nothing from the others, in which sessions may have been ready for long. A parked session is in no queue.
     */
    private void pauseUnlessReadWaits() throws IOException {
        readsInTurn = 0;
        readsSincePause = 0;
        if (transport.hasInput()) {
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }
}
