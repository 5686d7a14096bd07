package org.dkimproxy.james;

import jakarta.mail.MessagingException;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.dkimproxy.sendermap.Problem;
import org.dkimproxy.sendermap.Severity;
import org.dkimproxy.signing.reload.ReloadReview;
import org.dkimproxy.signing.reload.Reloadable;
import org.dkimproxy.signing.reload.Reloader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * The settings in use. When a file changes that they were read from, all is read and checked again, and replaces them if it is
 * good. {@link #current} may be asked by any thread.
 */
final class LiveSettings implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LiveSettings.class);

    private final Supplier<MailetReading.Result> reading;
    private final Reloader reloader;
    private volatile MailetSettings current;

    private LiveSettings(Supplier<MailetReading.Result> reading, MailetReading.Result first, MailetSettings settings) {
        this.reading = reading;
        this.current = settings;
        this.reloader = Reloader.start(first.watched(), first.entries(), this::reload);
    }

    /**
     * Reads for the first time, and begins to watch.
     *
     * @throws MessagingException with all errors, if there is one
     */
    static LiveSettings start(Supplier<MailetReading.Result> reading) throws MessagingException {
        MailetReading.Result read = reading.get();
        tell(read, Severity.WARNING);
        if (!read.withoutEffect().isEmpty()) {
            LOG.info(
                    "options of the conf file without effect in a mailet: {}",
                    read.withoutEffect().stream().sorted().collect(Collectors.joining(", ")));
        }
        MailetSettings settings = read.settings()
                .orElseThrow(() -> new MessagingException(read.problems().stream()
                        .filter(problem -> problem.severity() == Severity.ERROR)
                        .map(Problem::toString)
                        .collect(Collectors.joining("\n", "SignWithSenderMap cannot start:\n", ""))));
        return new LiveSettings(reading, read, settings);
    }

    MailetSettings current() {
        return current;
    }

    private Reloadable.Outcome reload(ReloadReview review) {
        MailetReading.Result read = reading.get();
        if (!review.admits(read.watched(), read.entries())) {
            return new Reloadable.Outcome(read.watched(), Optional.empty());
        }
        tell(read, Severity.WARNING);
        tell(read, Severity.ERROR);
        read.settings()
                .ifPresentOrElse(
                        settings -> {
                            current = settings;
                            LOG.info("configuration reloaded");
                        },
                        () -> LOG.error("configuration reload failed; the one before stays in use"));
        return new Reloadable.Outcome(read.watched(), read.settings().map(inUse -> read.entries()));
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
