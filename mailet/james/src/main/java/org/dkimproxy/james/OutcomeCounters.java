package org.dkimproxy.james;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.james.metrics.api.Metric;
import org.apache.james.metrics.api.MetricFactory;
import org.apache.mailet.Attribute;
import org.apache.mailet.AttributeName;
import org.apache.mailet.AttributeUtils;
import org.apache.mailet.AttributeValue;
import org.apache.mailet.Mail;

/**
 * Counts outcomes among James's metrics: {@code dkimproxy.signed}, {@code .skipped} and {@code .failed}. A mail counts once,
 * although several mailets process it, or James processes it again after a failure. Thread-safe.
 */
final class OutcomeCounters {
    /** The outcome of a mail, for later matchers and mailets: that of the mailet that did the most for it. */
    static final AttributeName OUTCOME = AttributeName.of("org.dkimproxy.outcome");

    private static final int MAXIMUM_FAILURES = 1000;

    private final Metric signed;
    private final Metric skipped;
    private final Metric failed;
    private final Set<String> recentlyFailed =
            Collections.synchronizedSet(Collections.newSetFromMap(new LatestNames()));

    OutcomeCounters(MetricFactory factory) {
        signed = factory.generate("dkimproxy.signed");
        skipped = factory.generate("dkimproxy.skipped");
        failed = factory.generate("dkimproxy.failed");
    }

    /** Counts an outcome and notes it in the mail, unless another mailet has done more for the mail. */
    void count(Mail mail, OutcomeWord outcome) {
        Optional<OutcomeWord> before = AttributeUtils.getValueAndCastFromMail(mail, OUTCOME, String.class)
                .flatMap(OutcomeWord::of);
        if (before.isPresent() && before.get().compareTo(outcome) >= 0) {
            return;
        }
        before.ifPresent(less -> metric(less).decrement());
        mail.setAttribute(new Attribute(OUTCOME, AttributeValue.of(outcome.word())));
        // onMailetException=propagate brings the same mail again, without its attributes
        if (outcome != OutcomeWord.FAILED || recentlyFailed.add(mail.getName())) {
            metric(outcome).increment();
        }
    }

    private Metric metric(OutcomeWord outcome) {
        return switch (outcome) {
            case SIGNED -> signed;
            case SKIPPED -> skipped;
            case FAILED -> failed;
        };
    }

    /** Keeps the names of the latest mails. */
    private static final class LatestNames extends LinkedHashMap<String, Boolean> {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
            return size() > MAXIMUM_FAILURES;
        }
    }
}
