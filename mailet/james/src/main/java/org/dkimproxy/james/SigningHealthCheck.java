package org.dkimproxy.james;

import jakarta.inject.Inject;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.james.core.healthcheck.ComponentName;
import org.apache.james.core.healthcheck.HealthCheck;
import org.apache.james.core.healthcheck.Result;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;

/**
 * The health of every {@link SignWithSenderMap} in this James, for {@code healthcheck.properties}:
 *
 * <pre><code>
 * additional.healthchecks=org.dkimproxy.james.SigningHealthCheck
 * </code></pre>
 *
 * <p>It is degraded if a reload failed, so that the previous configuration stays active; if a key file cannot be read, so that
 * its last key stays in use; and if no such mailet runs. It is never unhealthy, since mail flows.
 *
 * <p>Thread-safe.
 */
public final class SigningHealthCheck implements HealthCheck {
    private static final ComponentName NAME = new ComponentName("DkimSigning");
    /** A map may have thousands; the log has them all. */
    private static final int MAXIMUM_FAILURES = 5;

    private final RunningMailets mailets;

    /** Made by James. */
    @Inject
    SigningHealthCheck(RunningMailets mailets) {
        this.mailets = mailets;
    }

    @Override
    public ComponentName componentName() {
        return NAME;
    }

    @Override
    public Publisher<Result> check() {
        return Mono.fromSupplier(this::result);
    }

    private Result result() {
        List<LiveSettings> running = mailets.all();
        if (running.isEmpty()) {
            return Result.degraded(NAME, "no SignWithSenderMap runs in this James");
        }
        List<String> failures = running.stream()
                .flatMap(settings -> settings.failures().stream().map(failure -> settings.processor() + ": " + failure))
                .toList();
        if (failures.isEmpty()) {
            return Result.healthy(NAME);
        }
        String more = failures.size() > MAXIMUM_FAILURES
                ? "; and " + (failures.size() - MAXIMUM_FAILURES) + " more, see the log"
                : "";
        return Result.degraded(
                NAME, failures.stream().limit(MAXIMUM_FAILURES).collect(Collectors.joining("; ", "", more)));
    }
}
