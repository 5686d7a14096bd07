package org.dkimproxy.james;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.james.metrics.api.Metric;
import org.apache.james.metrics.api.MetricFactory;
import org.apache.mailet.Attribute;
import org.apache.mailet.AttributeName;
import org.apache.mailet.AttributeUtils;
import org.apache.mailet.AttributeValue;
import org.apache.mailet.Mail;
import org.dkimproxy.signing.SigningOutcome;

/**
 * Counts outcomes among James's metrics: {@code dkimproxy.signed}, {@code .skipped} and {@code .failed}, the latter two also by
 * reason, such as {@code dkimproxy.skipped.no_rule}. A mail counts once, although several mailets process it, or James processes
 * it again after a failure. Thread-safe.
 */
final class OutcomeCounters {
    /** The outcome of a mail, for later matchers and mailets: that of the mailet that did the most for it. */
    static final AttributeName OUTCOME = AttributeName.of("org.dkimproxy.outcome");

    /** Why it was not signed, as the metrics name it; absent from a signed mail. */
    static final AttributeName REASON = AttributeName.of("org.dkimproxy.reason");

    private static final int MAXIMUM_FAILURES = 1000;

    private final MetricFactory factory;
    private final Map<String, Metric> metrics = new ConcurrentHashMap<>();
    private final Set<String> recentlyFailed =
            Collections.synchronizedSet(Collections.newSetFromMap(new LatestNames()));

    OutcomeCounters(MetricFactory factory) {
        this.factory = factory;
        // each is exported from the start on, at zero
        for (OutcomeWord outcome : OutcomeWord.values()) {
            metric(outcome.word());
        }
        Arrays.stream(SigningOutcome.Cause.values()).forEach(cause -> metric(OutcomeWord.SKIPPED.word(), word(cause)));
        Arrays.stream(SigningOutcome.Kind.values()).forEach(kind -> metric(OutcomeWord.FAILED.word(), word(kind)));
    }

    /** Counts an outcome and notes it in the mail, unless another mailet has done more for the mail. */
    void count(Mail mail, SigningOutcome signing) {
        OutcomeWord outcome = OutcomeWord.of(signing);
        Optional<OutcomeWord> before = attribute(mail, OUTCOME).flatMap(OutcomeWord::of);
        if (before.isPresent() && before.get().compareTo(outcome) >= 0) {
            return;
        }
        before.ifPresent(less -> {
            metric(less.word()).decrement();
            attribute(mail, REASON)
                    .ifPresent(reason -> metric(less.word(), reason).decrement());
        });
        Optional<String> reason = reason(signing);
        mail.setAttribute(new Attribute(OUTCOME, AttributeValue.of(outcome.word())));
        reason.ifPresentOrElse(
                word -> mail.setAttribute(new Attribute(REASON, AttributeValue.of(word))),
                () -> mail.removeAttribute(REASON));
        // onMailetException=propagate brings the same mail again, without its attributes
        if (outcome != OutcomeWord.FAILED || recentlyFailed.add(mail.getName())) {
            metric(outcome.word()).increment();
            reason.ifPresent(word -> metric(outcome.word(), word).increment());
        }
    }

    private static Optional<String> reason(SigningOutcome outcome) {
        return switch (outcome) {
            case SigningOutcome.Signed signed -> Optional.empty();
            case SigningOutcome.Skipped skipped -> Optional.of(word(skipped.cause()));
            case SigningOutcome.Failed failed -> Optional.of(word(failed.kind()));
        };
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    private static Optional<String> attribute(Mail mail, AttributeName name) {
        return AttributeUtils.getValueAndCastFromMail(mail, name, String.class);
    }

    private Metric metric(String... name) {
        return metrics.computeIfAbsent("dkimproxy." + String.join(".", name), factory::generate);
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
