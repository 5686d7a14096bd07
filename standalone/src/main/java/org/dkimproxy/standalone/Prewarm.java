package org.dkimproxy.standalone;

import java.util.concurrent.CompletableFuture;
import org.dkimproxy.signing.key.PemKeyParser;
import org.dkimproxy.standalone.daemon.Signals;

/**
 * Loads the classes that read keys and trap signals on other threads, while the options are read: that takes long the
 * first time. Who needs them sooner waits.
 */
final class Prewarm {
    private final CompletableFuture<Signals> signals;

    private Prewarm(CompletableFuture<Signals> signals) {
        this.signals = signals;
    }

    static Prewarm begin() {
        CompletableFuture<Signals> signals =
                CompletableFuture.supplyAsync(Signals::ofThisProcess, work -> start("signals-ahead", work));
        start("keys-ahead", PemKeyParser::prepare);
        return new Prewarm(signals);
    }

    private static void start(String name, Runnable work) {
        Thread.ofPlatform().daemon().name(name).start(work);
    }

    /** The signals of this process, not trapped yet. */
    Signals signals() {
        return signals.join();
    }
}
