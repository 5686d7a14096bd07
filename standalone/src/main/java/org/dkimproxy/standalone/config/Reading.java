package org.dkimproxy.standalone.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.dkimproxy.sendermap.text.Parsed;
import org.dkimproxy.sendermap.text.Problem;
import org.dkimproxy.sendermap.text.Severity;
import org.dkimproxy.signing.ConfigurationFiles;
import org.dkimproxy.signing.DkimSigner;
import org.dkimproxy.signing.SignerSettings;
import org.dkimproxy.signing.reload.EntryCounts;
import org.dkimproxy.signing.reload.FileStamps;

/**
 * A configuration half read: the options are known, the files that they name are not yet read. It is the same at a start
 * and at a reload.
 *
 * @param standpoint where from files are looked up
 * @param settings the program's own settings; empty if there can be none
 * @param problems with the options
 * @param files the conf file and the files that the options name, keys apart, as they were before any was read
 */
public record Reading<S>(
        Configuration configuration,
        Standpoint standpoint,
        Optional<S> settings,
        List<Problem> problems,
        FileStamps files) {
    private static final Comparator<Problem> BY_PLACE = Comparator.<Problem, String>comparing(
                    problem -> problem.position().file())
            .thenComparingInt(problem -> problem.position().line())
            .thenComparingInt(problem -> problem.position().column());

    /** Takes a copy. */
    public Reading {
        problems = List.copyOf(problems);
    }

    /**
     * All that was read.
     *
     * @param settings empty if a problem is an error
     * @param signer there whenever the settings are
     * @param problems by their places
     * @param notices what is right and yet worth knowing, one line each; none after an error
     * @param files those which, when they change, are worth another reading: after an error the key files too
     * @param entries how many the conf file and the maps have
     */
    public record Result<S>(
            Optional<S> settings,
            Optional<DkimSigner> signer,
            List<Problem> problems,
            List<String> notices,
            FileStamps files,
            EntryCounts entries) {
        /** Takes copies. */
        public Result {
            problems = List.copyOf(problems);
            notices = List.copyOf(notices);
        }
    }

    /** Reads the settings of a program from its options, at a start. */
    public static <S> Reading<S> ofOptions(GivenOptions given, Startup.SettingsReader<S> reader) throws UsageException {
        return ofOptions(given, reader, Standpoint.OUTSIDE);
    }

    /** The same from where the program is now. */
    public static <S> Reading<S> ofOptions(GivenOptions given, Startup.SettingsReader<S> reader, Standpoint standpoint)
            throws UsageException {
        FileStamps confFile = given.confFile();
        Parsed<Configuration> read = given.configuration();
        Configuration configuration = read.value();
        if (configuration.isIncomplete()) {
            return new Reading<>(configuration, standpoint, Optional.empty(), read.problems(), confFile);
        }
        OptionValues values = new OptionValues(configuration.options(), configuration.root(standpoint));
        Optional<S> settings = reader.read(values);
        List<Problem> problems = new ArrayList<>(read.problems());
        problems.addAll(configuration.judged(values.problems()));
        problems.addAll(configuration.judged(FileTrust.problemsOfConfFile(configuration, standpoint)));
        FileStamps files = confFile.and(FileStamps.of(
                RereadableFiles.among(ConfigurationFiles.ofOptions(configuration.options(), Configuration.FILES))));
        return new Reading<>(configuration, standpoint, settings, problems, files);
    }

    /** Reads the maps and the keys. */
    public Result<S> finish() {
        if (configuration.isIncomplete()) {
            return new Result<>(
                    Optional.empty(), Optional.empty(), problems, List.of(), files, configuration.confEntries());
        }
        Parsed<SignerSettings> signerSettings = configuration.signerSettings(standpoint);
        FileStamps keys = FileStamps.of(ConfigurationFiles.keys(signerSettings.value()));
        Parsed<Optional<DkimSigner>> signer = configuration.signer(signerSettings, standpoint);
        EntryCounts entries =
                configuration.confEntries().and(signerSettings.value().mapEntries());
        List<Problem> all = new ArrayList<>(problems);
        all.addAll(signer.problems());
        all.addAll(configuration.judged(SelectorWarnings.of(signerSettings.value())));
        all.sort(BY_PLACE);
        boolean failed = all.stream().anyMatch(problem -> problem.severity() == Severity.ERROR);
        if (failed || settings.isEmpty() || signer.value().isEmpty()) {
            return new Result<>(Optional.empty(), Optional.empty(), all, List.of(), files.and(keys), entries);
        }
        List<String> notices = StartupNotices.of(
                configuration, signerSettings.value(), signer.value().get());
        return new Result<>(settings, signer.value(), all, notices, files, entries);
    }
}
