package org.dkimproxy.ledger;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/**
 * How one side behaves in one session.
 *
 * @param cut what befalls its connection, if anything does
 * @param pace how its octets leave
 * @param patience how long it waits for octets of the other side
 * @param answers by verb, for the relay: {@code CONNECT} for the greeting, {@code .} for the end of data
 * @param pipelines for the client: whether it sends an envelope and DATA at once (RFC 2920)
 */
record Conduct(Optional<Cut> cut, Pace pace, Duration patience, Function<String, Answer> answers, boolean pipelines) {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    /** Does nothing that is out of the ordinary. */
    static final Conduct PLAIN = new Conduct(Optional.empty(), Pace.PLAIN, PATIENCE, _ -> Answer.ACCEPT, false);

    /** The same with a cut. */
    Conduct with(Cut made) {
        return new Conduct(Optional.of(made), pace, patience, answers, pipelines);
    }
}
