package org.dkimproxy.james;

import jakarta.mail.MessagingException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.dkimproxy.sendermap.text.Problem;
import org.dkimproxy.sendermap.text.Severity;
import org.dkimproxy.signing.SigningPlan;
import org.dkimproxy.signing.config.ActiveConfiguration;
import org.dkimproxy.signing.config.LoadedConfiguration;
import org.dkimproxy.signing.key.KeyFile;
import org.dkimproxy.signing.reload.Reloader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** The configuration that a mailet uses, and its reloads. Thread-safe. */
public final class LiveSettings implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LiveSettings.class);
    private static final Duration RELOAD_TIMEOUT = Duration.ofMinutes(1);

    private final String processor;
    private final MailetLoader loader;
    private final ReloadCounters counters;
    private final ActiveConfiguration<MailetSettings> configuration;
    private final Reloader reloader;

    private LiveSettings(
            String processor,
            MailetLoader loader,
            ReloadCounters counters,
            LoadedConfiguration.Valid<MailetSettings> first) {
        this.processor = processor;
        this.loader = loader;
        this.counters = counters;
        this.configuration = new ActiveConfiguration<>(first, new Reloads());
        this.reloader = Reloader.start(first.files(), first.entries(), configuration);
    }

    /**
     * Loads the configuration for the first time, and begins to watch its files.
     *
     * @param processor the name of the processor that the mailet is in
     * @throws MessagingException with all errors, if there is one
     */
    static LiveSettings start(String processor, MailetLoader loader, ReloadCounters counters)
            throws MessagingException {
        LoadedConfiguration<MailetSettings> loaded = loader.load();
        loaded.problems().stream()
                .filter(problem -> problem.severity() == Severity.WARNING)
                .forEach(problem -> LOG.warn(problem.summary()));
        return switch (loaded) {
            case LoadedConfiguration.Valid<MailetSettings> valid -> {
                if (!valid.given().foreign().isEmpty()) {
                    LOG.info(
                            "options of the conf file without effect in a mailet: {}",
                            valid.given().foreign().stream().sorted().collect(Collectors.joining(", ")));
                }
                LiveSettings live = new LiveSettings(processor, loader, counters, valid);
                live.logActive("configuration loaded");
                yield live;
            }
            case LoadedConfiguration.Invalid<MailetSettings> invalid ->
                throw new MessagingException(invalid.errors()
                        .map(Problem::toString)
                        .collect(Collectors.joining("\n", "SignWithSenderMap cannot start:\n", "")));
        };
    }

    MailetSettings current() {
        return configuration.current().settings();
    }

    /** The name of the processor that the mailet is in. */
    public String processor() {
        return processor;
    }

    /**
     * A number of 48 bits that is equal for equal maps, options and public keys, on any node and wherever their files are.
     */
    public long fingerprint() {
        return current().fingerprint();
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
        return current().signer().plan(from);
    }

    /**
     * Returns why not everything is as the files say: the errors of the last reload if that failed, and each key file that cannot be read. Looks at the
     * key files.
     */
    public List<String> failures() {
        Stream<String> ofReload =
                configuration.lastReload().errors().stream().map(error -> "configuration reload failed: " + error);
        Stream<String> ofKeys = current().signer().keyFiles().stream().flatMap(LiveSettings::failure);
        return Stream.concat(ofReload, ofKeys).toList();
    }

    private static Stream<String> failure(KeyFile file) {
        file.current();
        return file.failure().stream();
    }

    /**
     * Reads everything again, and waits for it.
     *
     * @return the errors; empty if what was read is in use now
     */
    public List<String> reload() throws InterruptedException {
        long before = configuration.lastReload().number();
        if (!reloader.requestAndWait(RELOAD_TIMEOUT)) {
            return List.of("not finished within " + RELOAD_TIMEOUT.toSeconds() + " s; the log reports how it ends");
        }
        ActiveConfiguration.LastReload last = configuration.lastReload();
        return last.number() == before
                ? List.of("a file changes while it is read; it is reloaded automatically once it stays the same")
                : last.errors();
    }

    private void logActive(String event) {
        LOG.info(
                "{}: processor={}, rules={}, keys={}, fingerprint={}",
                event,
                processor,
                current().signer().ruleCount(),
                current().signer().keyFiles().size(),
                fingerprintText());
    }

    /** Ends the watching. */
    @Override
    public void close() {
        reloader.close();
    }

    /** What a reload does in a mailet. */
    private final class Reloads implements ActiveConfiguration.Host<MailetSettings> {
        @Override
        public LoadedConfiguration<MailetSettings> load() {
            return loader.load();
        }

        @Override
        public LoadedConfiguration.Valid<MailetSettings> adopt(LoadedConfiguration.Valid<MailetSettings> next) {
            return next;
        }

        @Override
        public void log(Problem problem) {
            LOG.atLevel(problem.severity() == Severity.ERROR ? Level.ERROR : Level.WARN)
                    .log(problem.summary());
        }

        @Override
        public void reloaded() {
            counters.count(true);
            logActive("configuration reloaded");
        }

        @Override
        public void failed() {
            counters.count(false);
            LOG.error(ActiveConfiguration.FAILED);
        }
    }
}
