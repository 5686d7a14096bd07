package org.dkimproxy.standalone;

import java.util.concurrent.CompletableFuture;
import org.dkimproxy.signing.key.KeyReader;
import org.dkimproxy.standalone.daemon.Signals;

/**
 * Has other threads begin what takes the virtual machine long when it is done for the first time, while the options are
 * read: to find all that reads keys, and all that traps signals. Whoever comes to need it sooner waits for it.
 */
final class HeadStart {
    private final CompletableFuture<Signals> signals;

    private HeadStart(CompletableFuture<Signals> signals) {
        this.signals = signals;
    }

    static HeadStart begin() {
        CompletableFuture<Signals> signals =
                CompletableFuture.supplyAsync(Signals::ofThisProcess, work -> start("signals-ahead", work));
        start("keys-ahead", KeyReader::prepare);
        return new HeadStart(signals);
    }

    private static void start(String name, Runnable work) {
        Thread.ofPlatform().daemon().name(name).start(work);
    }

    /** The signals of this process, not trapped yet. */
    Signals signals() {
        return signals.join();
    }
}
