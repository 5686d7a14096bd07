package org.dkimproxy.standalone.config;

import java.util.Optional;
import java.util.OptionalInt;
import org.dkimproxy.standalone.net.HostPort;

/**
 * Whether the program counts what it does.
 *
 * @param listen where the counts are served; if empty nothing is counted
 */
public record MetricsSettings(Optional<HostPort> listen) {
    /** The one option. */
    static final String NAME = "metrics_listen";

    /** Reads it; a problem is left in {@code values}. */
    public static MetricsSettings read(OptionValues values) {
        return new MetricsSettings(
                values.read(NAME, ListenOptions.LISTEN_FORM, text -> HostPort.parse(text, OptionalInt.empty())));
    }
}
