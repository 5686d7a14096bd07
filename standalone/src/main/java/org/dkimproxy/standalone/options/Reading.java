package org.dkimproxy.standalone.options;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.dkimproxy.sendermap.Checked;
import org.dkimproxy.sendermap.ConfOption;
import org.dkimproxy.sendermap.ListIdMap;
import org.dkimproxy.sendermap.Problem;
import org.dkimproxy.sendermap.SenderMap;
import org.dkimproxy.sendermap.Severity;
import org.dkimproxy.sendermap.SignatureSpecification;
import org.dkimproxy.sendermap.SourceFragment;
import org.dkimproxy.signing.DkimSigner;
import org.dkimproxy.signing.SignerSettings;
import org.dkimproxy.standalone.files.FileStamps;

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
    private static final List<String> FILE_OPTIONS = List.of("sender_map", "listid_map", "key_passphrase_file");

    private static final Comparator<Problem> BY_PLACE = Comparator.<Problem, String>comparing(
                    problem -> problem.place().file())
            .thenComparingInt(problem -> problem.place().line())
            .thenComparingInt(problem -> problem.place().column());

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
     * @param files those which, when they change, are worth another reading: after an error the key files too
     */
    public record Result<S>(
            Optional<S> settings, Optional<DkimSigner> signer, List<Problem> problems, FileStamps files) {
        /** Takes a copy. */
        public Result {
            problems = List.copyOf(problems);
        }
    }

    /** Reads the options of a command line and of the conf file that it names, at a start. */
    public static <S> Reading<S> ofOptions(
            CommandLine commandLine, KnownOptions known, Startup.SettingsReader<S> reader) throws UsageException {
        return ofOptions(commandLine, known, reader, Standpoint.OUTSIDE);
    }

    /** The same from where the program is now. */
    public static <S> Reading<S> ofOptions(
            CommandLine commandLine, KnownOptions known, Startup.SettingsReader<S> reader, Standpoint standpoint)
            throws UsageException {
        FileStamps confFile = FileStamps.of(confFile(commandLine));
        Checked<Configuration> read = Configuration.read(commandLine, known);
        Configuration configuration = read.value();
        if (configuration.isIncomplete()) {
            return new Reading<>(configuration, standpoint, Optional.empty(), read.problems(), confFile);
        }
        OptionValues values = new OptionValues(configuration.options(), configuration.root(standpoint));
        Optional<S> settings = reader.read(values);
        List<Problem> problems = Stream.concat(read.problems().stream(), values.problems().stream())
                .toList();
        FileStamps files = confFile.and(FileStamps.of(paths(configuration.options(), FILE_OPTIONS)));
        return new Reading<>(configuration, standpoint, settings, problems, files);
    }

    /** The conf file that a command line names; none or one. */
    public static Set<Path> confFile(CommandLine commandLine) {
        return paths(commandLine.options(), List.of("conf_file"));
    }

    /** Reads the maps and the keys. */
    public Result<S> finish() {
        if (configuration.isIncomplete()) {
            return new Result<>(Optional.empty(), Optional.empty(), problems, files);
        }
        Checked<SignerSettings> signerSettings = configuration.signerSettings(standpoint);
        FileStamps keys = FileStamps.of(keyFiles(signerSettings.value()));
        Checked<Optional<DkimSigner>> signer = configuration.signer(signerSettings, standpoint);
        List<Problem> all = new ArrayList<>(problems);
        all.addAll(signer.problems());
        all.sort(BY_PLACE);
        boolean failed = all.stream().anyMatch(problem -> problem.severity() == Severity.ERROR);
        return failed || settings.isEmpty() || signer.value().isEmpty()
                ? new Result<>(Optional.empty(), Optional.empty(), all, files.and(keys))
                : new Result<>(settings, signer.value(), all, files);
    }

    private static Set<Path> paths(List<ConfOption> options, List<String> names) {
        Set<Path> paths = new HashSet<>();
        for (String name : names) {
            Configuration.last(options, name)
                    .flatMap(option -> OptionValues.pathOf(option.value().text()))
                    .ifPresent(paths::add);
        }
        return paths;
    }

    private static Set<Path> keyFiles(SignerSettings settings) {
        Set<Path> paths = new HashSet<>();
        Stream.of(
                        settings.senderMap().map(SenderMap::specifications).stream(),
                        settings.listIdMap().map(ListIdMap::specifications).stream(),
                        Stream.of(settings.signatures()))
                .flatMap(lists -> lists)
                .flatMap(List::stream)
                .map(SignatureSpecification::keyFile)
                .forEach(key -> add(paths, key));
        add(paths, settings.defaults().keyFile());
        return paths;
    }

    private static void add(Set<Path> paths, Optional<SourceFragment> name) {
        name.flatMap(fragment -> OptionValues.pathOf(fragment.text())).ifPresent(paths::add);
    }
}
