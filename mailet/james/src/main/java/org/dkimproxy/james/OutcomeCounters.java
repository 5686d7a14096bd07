package org.dkimproxy.james;

import org.apache.james.metrics.api.Metric;
import org.apache.james.metrics.api.MetricFactory;
import org.dkimproxy.signing.SigningOutcome;

/** Counts what became of mails, among James's metrics: {@code dkimproxy.signed}, {@code .skipped} and {@code .failed}. */
final class OutcomeCounters {
    private final Metric signed;
    private final Metric skipped;
    private final Metric failed;

    OutcomeCounters(MetricFactory metrics) {
        this.signed = metrics.generate("dkimproxy.signed");
        this.skipped = metrics.generate("dkimproxy.skipped");
        this.failed = metrics.generate("dkimproxy.failed");
    }

    void count(SigningOutcome outcome) {
        switch (outcome) {
            case SigningOutcome.Signed s -> signed.increment();
            case SigningOutcome.Skipped s -> skipped.increment();
            case SigningOutcome.Failed f -> failed.increment();
        }
    }
}
