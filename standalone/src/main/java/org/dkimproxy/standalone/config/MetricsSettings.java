package org.dkimproxy.standalone.config;

import java.util.Optional;
import java.util.OptionalInt;
import org.dkimproxy.signing.config.Option;
import org.dkimproxy.signing.config.OptionValues;
import org.dkimproxy.standalone.net.HostPort;

/**
 * Whether the program counts what it does.
 *
 * @param listen where the counts are served; if empty nothing is counted
 */
public record MetricsSettings(Optional<HostPort> listen) {
    static final Option<Optional<HostPort>> METRICS_LISTEN = Option.optional(
                    "metrics_listen",
                    "ADDR:PORT",
                    ListenOptions.LISTEN_FORM,
                    text -> HostPort.parse(text, OptionalInt.empty()),
                    "serve /metrics for Prometheus, and /healthz")
            .onRestart();

    /** Reads it; a problem is left in {@code values}. */
    public static MetricsSettings read(OptionValues values) {
        return new MetricsSettings(values.get(METRICS_LISTEN));
    }
}
