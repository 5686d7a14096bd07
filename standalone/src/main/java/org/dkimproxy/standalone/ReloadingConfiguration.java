package org.dkimproxy.standalone;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.dkimproxy.sendermap.text.Parsed;
import org.dkimproxy.sendermap.text.Problem;
import org.dkimproxy.sendermap.text.Severity;
import org.dkimproxy.signing.config.ActiveConfiguration;
import org.dkimproxy.signing.config.GivenOptions;
import org.dkimproxy.signing.config.LoadedConfiguration;
import org.dkimproxy.signing.config.OptionValues;
import org.dkimproxy.signing.reload.EntryCounts;
import org.dkimproxy.signing.reload.FileStamps;
import org.dkimproxy.standalone.cli.CommandLine;
import org.dkimproxy.standalone.config.ProgramSettings;
import org.dkimproxy.standalone.config.ProxyOptions;
import org.dkimproxy.standalone.config.UsageException;
import org.dkimproxy.standalone.log.AdjustableLog;
import org.dkimproxy.standalone.log.LogLevel;
import org.dkimproxy.standalone.metrics.Metrics;

/** The reloads of dkimproxy.out: what is loaded again, what of it is put in use, and what is logged and counted. */
final class ReloadingConfiguration implements ActiveConfiguration.Host<ProgramSettings> {
    private final CommandLine commandLine;
    private final LoadedConfiguration.Valid<ProgramSettings> started;
    private final Metrics metrics;
    private final AdjustableLog log;

    /**
     * Reloads a configuration.
     *
     * @param commandLine the command line of the start, which holds for reloads as well
     * @param started the configuration of the start, of which some options need a restart
     */
    ReloadingConfiguration(
            CommandLine commandLine,
            LoadedConfiguration.Valid<ProgramSettings> started,
            Metrics metrics,
            AdjustableLog log) {
        this.commandLine = commandLine;
        this.started = started;
        this.metrics = metrics;
        this.log = log;
    }

    @Override
    public LoadedConfiguration<ProgramSettings> load() {
        Optional<Path> once = started.given().transientConfFile();
        if (once.isPresent()) {
            return refused(
                    once.get() + " is not a regular file, so it can be read only once; changes need a restart",
                    started.files().again(),
                    started.entries());
        }
        GivenOptions given = ProxyOptions.LOADER.read(Parsed.of(commandLine.options()));
        OptionValues values = given.values();
        try {
            Optional<ProgramSettings> settings = given.isUnusable()
                    ? Optional.empty()
                    : ProgramSettings.read(values, commandLine.arguments(), Optional.empty());
            return ProxyOptions.LOADER.load(given, values, settings, ProxyOptions.viewWhileRunning());
        } catch (UsageException e) {
            return refused(String.valueOf(e.getMessage()), given.confStamps(), given.confEntries());
        }
    }

    @Override
    public LoadedConfiguration.Valid<ProgramSettings> adopt(LoadedConfiguration.Valid<ProgramSettings> next) {
        OptionValues values = new OptionValues(next.given().withRestartOptionsOf(started.given(), ProxyOptions.TABLE));
        ProgramSettings settings;
        try {
            settings = ProgramSettings.read(values, commandLine.arguments(), Optional.empty())
                    .orElseThrow();
        } catch (UsageException e) {
            throw new IllegalStateException("the options of the start are valid", e);
        }
        adjustLog(settings);
        List<String> later = next.given().changedOnRestart(started.given(), ProxyOptions.TABLE);
        if (!later.isEmpty()) {
            log.warning("changed, but without effect until a restart: " + String.join(", ", later));
        }
        return next.withSettings(settings);
    }

    @Override
    public void log(Problem problem) {
        log.log(problem.severity() == Severity.ERROR ? LogLevel.ERROR : LogLevel.WARNING, problem.summary());
    }

    @Override
    public void reloaded() {
        metrics.reloaded(true);
        log.notice("configuration reloaded");
    }

    @Override
    public void failed() {
        metrics.reloaded(false);
        log.error(ActiveConfiguration.FAILED);
    }

    private void adjustLog(ProgramSettings settings) {
        try {
            log.adjust(settings.proxy().message().log());
        } catch (IOException e) {
            log.error("the log stays as it was: " + e.getMessage());
        }
    }

    private static LoadedConfiguration<ProgramSettings> refused(String error, FileStamps files, EntryCounts entries) {
        return new LoadedConfiguration.Invalid<>(List.of(Problem.message(Severity.ERROR, error)), files, entries);
    }
}
