package org.dkimproxy.james;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.james.metrics.api.GaugeRegistry;

/**
 * The settings of every {@link SignWithSenderMap} that runs in this James, in the order in which they started: where mailets,
 * health check and webadmin routes meet. James loads all of them by one class loader and one injector, which makes one of this. Thread-safe.
 *
 * <p>The gauge {@code dkimproxy.configuration.fingerprint} is the sum of their fingerprints, modulo 2^48; with one mailet, its fingerprint.
 */
@Singleton
public final class RunningMailets {
    private final List<LiveSettings> running = new CopyOnWriteArrayList<>();

    /** Made by James. */
    @Inject
    RunningMailets(GaugeRegistry gauges) {
        gauges.register("dkimproxy.configuration.fingerprint", this::fingerprint);
    }

    void add(LiveSettings settings) {
        running.add(settings);
    }

    void remove(LiveSettings settings) {
        running.remove(settings);
    }

    /** One for each mailet. */
    public List<LiveSettings> all() {
        return List.copyOf(running);
    }

    private long fingerprint() {
        long sum = running.stream().mapToLong(LiveSettings::fingerprint).sum();
        return sum & ((1L << MailetSettings.FINGERPRINT_BITS) - 1);
    }
}
