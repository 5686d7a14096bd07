package org.dkimproxy.standalone.metrics;

import java.io.Closeable;
import java.io.IOException;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.dkimproxy.standalone.config.MetricsSettings;
import org.dkimproxy.standalone.log.DkimproxyLog;
import org.dkimproxy.standalone.net.HostPort;

/** The metrics of a run: counted and served over HTTP where an address is given for it, else nothing. */
public final class MetricsService implements Closeable {
    private static final MetricsService NONE = new MetricsService(Optional.empty());

    private final Optional<Served> served;

    private record Served(PrometheusMetrics metrics, HttpEndpoint endpoint) {}

    private MetricsService(Optional<Served> served) {
        this.served = served;
    }

    /**
     * Binds the address, if one is given; what is counted is served once {@link #start} was called.
     *
     * @throws IOException if the address cannot be had; its message names it
     */
    public static MetricsService open(MetricsSettings settings) throws IOException {
        if (settings.listen().isEmpty()) {
            return NONE;
        }
        HttpEndpoint endpoint = HttpEndpoint.bind(settings.listen().get());
        return new MetricsService(Optional.of(new Served(new PrometheusMetrics(), endpoint)));
    }

    /** To be told what happens. */
    public Metrics metrics() {
        return served.<Metrics>map(Served::metrics).orElse(Metrics.NONE);
    }

    /** Where it listens, with the port that the system chose where none was asked for; empty if nothing is served. */
    public Optional<HostPort> address() {
        return served.map(it -> it.endpoint().address());
    }

    /**
     * Serves from now on, and logs the address.
     *
     * @param accepting whether the proxy accepts clients at the moment; asked by any thread
     */
    public void start(BooleanSupplier accepting, DkimproxyLog log) {
        if (served.isEmpty()) {
            return;
        }
        HttpEndpoint endpoint = served.get().endpoint();
        endpoint.start(new MetricsPages(served.get().metrics(), accepting), log);
        log.info("metrics on http://" + endpoint.address() + "/metrics");
        if (!endpoint.isLoopback()) {
            log.notice("metrics are served without a password to all who can reach " + endpoint.address());
        }
    }

    /** Serves no more. */
    @Override
    public void close() throws IOException {
        if (served.isPresent()) {
            served.get().endpoint().close();
        }
    }
}
