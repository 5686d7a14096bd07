package org.dkimproxy.standalone.server;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.dkimproxy.sendermap.text.Problem;
import org.dkimproxy.sendermap.text.Severity;
import org.dkimproxy.signing.DkimSigner;
import org.dkimproxy.signing.reload.FileStamps;
import org.dkimproxy.signing.reload.ReloadReview;
import org.dkimproxy.signing.reload.Reloadable;
import org.dkimproxy.standalone.config.ActiveConfiguration;
import org.dkimproxy.standalone.config.CommandLine;
import org.dkimproxy.standalone.config.GivenOptions;
import org.dkimproxy.standalone.config.KnownOptions;
import org.dkimproxy.standalone.config.ProgramSettings;
import org.dkimproxy.standalone.config.Reading;
import org.dkimproxy.standalone.config.Standpoint;
import org.dkimproxy.standalone.config.Startup;
import org.dkimproxy.standalone.config.UsageException;
import org.dkimproxy.standalone.log.AdjustableLog;
import org.dkimproxy.standalone.log.LogLevel;
import org.dkimproxy.standalone.metrics.Metrics;

/**
 * The configuration in use, which {@link #reload} replaces as a whole or not at all. {@link #active} may be asked by
 * any thread, {@link #reload} is called by one.
 */
public final class LiveConfiguration implements Reloadable {
    private static final String FAILED = "configuration reload failed; the one before stays in use";
    private static final String STILL_ACTIVE = "; the previous configuration stays active: ";

    private final CommandLine commandLine;
    private final KnownOptions known;
    private final ProgramSettings started;
    private final FileStamps files;
    private final AdjustableLog log;
    private final Metrics metrics;
    private volatile ActiveConfiguration active;
    private volatile String lastReload = "No reload since the start";

    /**
     * The configuration of a start.
     *
     * @param commandLine what is read again
     * @param metrics is told of each reading
     * @param log follows the settings
     */
    public LiveConfiguration(
            CommandLine commandLine,
            KnownOptions known,
            Startup<ProgramSettings> startup,
            Metrics metrics,
            AdjustableLog log) {
        this.commandLine = commandLine;
        this.known = known;
        this.started = startup.settings();
        this.files = startup.files();
        this.metrics = metrics;
        this.log = log;
        this.active = new ActiveConfiguration(started.proxy(), startup.signer()::begin);
    }

    /** The outcome of the last reload, with its time in UTC: one sentence for the status of the service. */
    public String lastReload() {
        return lastReload;
    }

    /** The configuration in use. */
    public ActiveConfiguration active() {
        return active;
    }

    /** The rules of the start, by keys that were read anew. */
    public void useKeysOf(DkimSigner signer) {
        active = new ActiveConfiguration(started.proxy(), signer::begin);
    }

    /**
     * Reads and checks everything again. If {@code review} admits it and no problem is an error, it is in use when this
     * returns.
     */
    @Override
    public Outcome reload(ReloadReview review) {
        Optional<Path> once = GivenOptions.transientConfFile(commandLine);
        if (once.isPresent()) {
            log.warning("configuration not read again: " + once.get()
                    + " is no regular file, so it can be read once; changes need a restart");
            metrics.reloaded(false);
            failed(once.get() + " is no regular file; changes need a restart");
            return new Outcome(files.again(), Optional.empty());
        }
        GivenOptions given = GivenOptions.read(commandLine, known);
        try {
            Reading.Result<ProgramSettings> read = Reading.ofOptions(
                            given, values -> ProgramSettings.read(values, commandLine.arguments()), Standpoint.INSIDE)
                    .finish();
            boolean success = review.admits(read.files(), read.entries()) && take(read);
            return new Outcome(read.files(), success ? Optional.of(read.entries()) : Optional.empty());
        } catch (UsageException e) {
            if (review.admits(given.confFile(), given.configuration().value().confEntries())) {
                log.error("configuration: " + e.getMessage());
                log.error(FAILED);
                failed(String.valueOf(e.getMessage()));
                metrics.reloaded(false);
            }
            return new Outcome(given.confFile(), Optional.empty());
        } catch (RuntimeException | Error fault) {
            metrics.reloaded(false);
            throw fault;
        }
    }

    /** Logs the problems, and unless one is an error, puts what was read in use. */
    private boolean take(Reading.Result<ProgramSettings> read) {
        tell(read.problems());
        boolean success = read.settings().isPresent() && read.signer().isPresent();
        if (success) {
            use(read.settings().get(), read.signer().get());
        } else {
            log.error(FAILED);
            failed(firstError(read.problems()));
        }
        metrics.reloaded(success);
        return success;
    }

    private void use(ProgramSettings next, DkimSigner signer) {
        active = new ActiveConfiguration(started.proxy().reloadedAs(next.proxy()), signer::begin);
        adjustLog(next);
        List<String> later = started.needingRestart(next);
        if (!later.isEmpty()) {
            log.warning("changed, but without effect until a restart: " + String.join(", ", later));
        }
        log.notice("configuration reloaded");
        lastReload = "Configuration reloaded at " + now();
    }

    private void failed(String reason) {
        lastReload = "Reload failed at " + now() + STILL_ACTIVE + reason;
    }

    private static String firstError(List<Problem> problems) {
        return problems.stream()
                .filter(problem -> problem.severity() == Severity.ERROR)
                .map(Problem::summary)
                .findFirst()
                .orElse("see the log");
    }

    private static Instant now() {
        return Instant.now().truncatedTo(ChronoUnit.SECONDS);
    }

    private void adjustLog(ProgramSettings next) {
        try {
            log.adjust(next.proxy().message().log());
        } catch (IOException e) {
            log.error("the log stays as it was: " + e.getMessage());
        }
    }

    private void tell(List<Problem> problems) {
        for (Problem problem : problems) {
            log.log(problem.severity() == Severity.ERROR ? LogLevel.ERROR : LogLevel.WARNING, problem.summary());
        }
    }
}
