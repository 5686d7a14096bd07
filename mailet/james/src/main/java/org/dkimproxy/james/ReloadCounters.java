package org.dkimproxy.james;

import org.apache.james.metrics.api.Metric;
import org.apache.james.metrics.api.MetricFactory;

/** Counts reloads among James's metrics: {@code dkimproxy.reloads.succeeded} and {@code .failed}. Thread-safe. */
final class ReloadCounters {
    private final Metric succeeded;
    private final Metric failed;

    ReloadCounters(MetricFactory factory) {
        succeeded = factory.generate("dkimproxy.reloads.succeeded");
        failed = factory.generate("dkimproxy.reloads.failed");
    }

    void count(boolean hasSucceeded) {
        (hasSucceeded ? succeeded : failed).increment();
    }
}
