package org.dkimproxy.james;

import jakarta.mail.MessagingException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.dkimproxy.sendermap.text.Problem;
import org.dkimproxy.sendermap.text.Severity;
import org.dkimproxy.signing.SigningPlan;
import org.dkimproxy.signing.key.KeyFile;
import org.dkimproxy.signing.reload.ReloadReview;
import org.dkimproxy.signing.reload.Reloadable;
import org.dkimproxy.signing.reload.Reloader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * The settings that a mailet uses. When a file changes that they were read from, everything is read and checked again, and
 * replaces them if it has no errors. Thread-safe.
 */
public final class LiveSettings implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LiveSettings.class);
    private static final Duration RELOAD_TIMEOUT = Duration.ofMinutes(1);

    private final String processor;
    private final Supplier<MailetReading.Result> reading;
    private final ReloadCounters counters;
    private final Reloader reloader;
    private volatile MailetSettings current;
    private volatile LastReload lastReload = new LastReload(0, List.of());

    private LiveSettings(
            String processor,
            Supplier<MailetReading.Result> reading,
            ReloadCounters counters,
            MailetReading.Result first,
            MailetSettings settings) {
        this.processor = processor;
        this.reading = reading;
        this.counters = counters;
        this.current = settings;
        this.reloader = Reloader.start(first.watched(), first.entries(), this::readAgain);
    }

    /**
     * How the last reload ended.
     *
     * @param number counts them
     * @param errors empty after a success
     */
    private record LastReload(long number, List<String> errors) {}

    /**
     * Reads for the first time, and begins to watch.
     *
     * @param processor the name of the processor that the mailet is in
     * @throws MessagingException with all errors, if there is one
     */
    static LiveSettings start(String processor, Supplier<MailetReading.Result> reading, ReloadCounters counters)
            throws MessagingException {
        MailetReading.Result read = reading.get();
        tell(read, Severity.WARNING);
        if (!read.withoutEffect().isEmpty()) {
            LOG.info(
                    "options of the conf file without effect in a mailet: {}",
                    read.withoutEffect().stream().sorted().collect(Collectors.joining(", ")));
        }
        MailetSettings settings = read.settings()
                .orElseThrow(() -> new MessagingException(errors(read)
                        .map(Problem::toString)
                        .collect(Collectors.joining("\n", "SignWithSenderMap cannot start:\n", ""))));
        LiveSettings live = new LiveSettings(processor, reading, counters, read, settings);
        live.tellWhatIsActive("configuration loaded");
        return live;
    }

    MailetSettings current() {
        return current;
    }

    /** The name of the processor that the mailet is in. */
    public String processor() {
        return processor;
    }

    /**
     * A number of 48 bits that is equal for equal maps, options and public keys, on any node and wherever their files are.
     */
    public long fingerprint() {
        return current.fingerprint();
    }

    /** {@link #fingerprint} in 12 hex digits. */
    public String fingerprintText() {
        return HexFormat.of().toHexDigits(fingerprint(), MailetSettings.FINGERPRINT_BITS / 4);
    }

    /**
     * Returns what would become of a message without Sender and List-Id.
     *
     * @param from what its From field holds: an address
     * @throws IllegalArgumentException if there is a control character in it
     */
    public SigningPlan plan(String from) {
        return current.signer().plan(from);
    }

    /**
     * Returns why not everything is as the files say: the errors of the last reload if that failed, and each key file that cannot be read. Looks at the
     * key files.
     */
    public List<String> failures() {
        Stream<String> ofReload = lastReload.errors.stream().map(error -> "configuration reload failed: " + error);
        Stream<String> ofKeys = current.signer().keyFiles().stream().flatMap(LiveSettings::failure);
        return Stream.concat(ofReload, ofKeys).toList();
    }

    private static Stream<String> failure(KeyFile file) {
        file.current();
        return file.failure().map(why -> "key file " + file.path() + ": " + why).stream();
    }

    /**
     * Reads everything again, and waits for it.
     *
     * @return the errors; empty if what was read is in use now
     */
    public List<String> reload() throws InterruptedException {
        long before = lastReload.number;
        if (!reloader.requestAndWait(RELOAD_TIMEOUT)) {
            return List.of("not finished within " + RELOAD_TIMEOUT.toSeconds() + " s; the log reports how it ends");
        }
        LastReload last = lastReload;
        return last.number == before
                ? List.of("a file changes while it is read; it is reloaded automatically once it stays the same")
                : last.errors;
    }

    private Reloadable.Outcome readAgain(ReloadReview review) {
        try {
            MailetReading.Result read = reading.get();
            if (!review.admits(read.watched(), read.entries())) {
                return new Reloadable.Outcome(read.watched(), Optional.empty());
            }
            tell(read, Severity.WARNING);
            tell(read, Severity.ERROR);
            read.settings().ifPresentOrElse(this::use, () -> {
                end(errors(read).map(Problem::summary).toList());
                LOG.error("configuration reload failed; the one before stays in use");
            });
            return new Reloadable.Outcome(read.watched(), read.settings().map(inUse -> read.entries()));
        } catch (RuntimeException | Error fault) {
            end(List.of("a fault of the mailet: " + fault));
            throw fault;
        }
    }

    private void use(MailetSettings settings) {
        current = settings;
        end(List.of());
        tellWhatIsActive("configuration reloaded");
    }

    private void end(List<String> errors) {
        lastReload = new LastReload(lastReload.number + 1, errors);
        counters.count(errors.isEmpty());
    }

    private void tellWhatIsActive(String event) {
        LOG.info(
                "{}: processor={}, rules={}, keys={}, fingerprint={}",
                event,
                processor,
                current.signer().ruleCount(),
                current.signer().keyFiles().size(),
                fingerprintText());
    }

    private static Stream<Problem> errors(MailetReading.Result read) {
        return read.problems().stream().filter(problem -> problem.severity() == Severity.ERROR);
    }

    private static void tell(MailetReading.Result read, Severity severity) {
        for (Problem problem : read.problems()) {
            if (problem.severity() == severity) {
                LOG.atLevel(severity == Severity.ERROR ? Level.ERROR : Level.WARN)
                        .log(problem.summary());
            }
        }
    }

    /** Ends the watching. */
    @Override
    public void close() {
        reloader.close();
    }
}
