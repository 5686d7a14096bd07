package org.dkimproxy.signing.config;

import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.dkimproxy.sendermap.conf.ConfOption;
import org.dkimproxy.sendermap.text.Parsed;
import org.dkimproxy.sendermap.text.Problem;
import org.dkimproxy.sendermap.text.Severity;
import org.dkimproxy.sendermap.text.SourceText;
import org.dkimproxy.signing.DkimSigner;
import org.dkimproxy.signing.FileProblems;
import org.dkimproxy.signing.FileSource;
import org.dkimproxy.signing.SignerSettings;
import org.dkimproxy.signing.access.TrustedUsers;
import org.dkimproxy.signing.key.FileErrors;
import org.dkimproxy.signing.reload.EntryCounts;
import org.dkimproxy.signing.reload.FileStamps;

/**
 * Loads a configuration in two steps, at a start and at a reload: {@link #read} merges the options of a command line, or of
 * mailet parameters, with those of the conf file; {@link #load} reads the maps and keys that they name. In between a program
 * reads its own settings from {@link GivenOptions#values}. Immutable.
 *
 * @param options the options of the program
 * @param files turns configured names into paths
 * @param isConfFileOfProxy whether the conf file is that of the proxy, whose own options mean nothing to this program
 */
public record ConfigurationLoader(OptionTable options, FileSource files, boolean isConfFileOfProxy) {
    /** The conf file. */
    public static final Option<Optional<SourceText>> CONF_FILE = Option.text(
                    "conf_file", "FILE", "", "read options from FILE; those given here win over it")
            .directOnly();

    /** Other files with options. */
    public static final Option<List<SourceText>> INCLUDE =
            Option.texts("include", "FILE", "read more options from FILE; or DIR/*.conf, all of them");

    /** Whether warnings count as errors. */
    public static final Option<Boolean> STRICT =
            Option.flag("strict", "treat every warning about the configuration as an error");

    private static final Comparator<Problem> BY_POSITION = Comparator.<Problem, String>comparing(
                    problem -> problem.position().file())
            .thenComparingInt(problem -> problem.position().line())
            .thenComparingInt(problem -> problem.position().column());

    /**
     * Reads the conf file that {@code direct} names, if any, and merges the two: an option that is given directly replaces the
     * occurrences of that option in the conf file.
     *
     * @param direct the options of a command line or of mailet parameters, by their proper names
     */
    public GivenOptions read(Parsed<List<ConfOption>> direct) {
        ConfFiles confFiles = new ConfFiles(this);
        List<ConfOption> own = confFiles.withIncluded(direct.value());
        Optional<SourceText> name = new OptionValues(direct.value()).text(CONF_FILE);
        List<Problem> problems = new ArrayList<>(direct.problems());
        Optional<Path> path = name.flatMap(file -> resolved(file, problems));
        List<ConfOption> merged = new ArrayList<>(
                path.map(file -> confFiles.read(file, name.orElseThrow())).orElse(List.of()));
        problems.addAll(confFiles.problems());
        problems.addAll(RepeatedOptions.ofConfFile(merged, options));
        problems.addAll(RepeatedOptions.ofCommandLine(direct.value(), options));
        Set<String> replaced = own.stream().map(ConfOption::name).collect(Collectors.toSet());
        merged.removeIf(option -> replaced.contains(option.name()));
        merged.addAll(own);
        return new GivenOptions(
                merged,
                problems,
                path,
                confFiles.names(),
                confFiles.stamps(),
                confFiles.entries(),
                confFiles.foreign());
    }

    /**
     * Reads the maps and the keys.
     *
     * @param values the problems of the program's own settings are taken from here
     * @param settings the program's own settings; empty if there are none without errors
     */
    public <S> LoadedConfiguration<S> load(
            GivenOptions given, OptionValues values, Optional<S> settings, FileView view) {
        boolean strict = values.get(STRICT);
        if (given.isUnusable()) {
            // half of the options are unknown, so what they name would be reported as missing
            return new LoadedConfiguration.Invalid<>(
                    judged(given.problems(), strict), given.confStamps(), given.confEntries());
        }
        FileStamps stamps = given.confStamps().and(ConfigurationFiles.ofOptions(given.options(), files));
        Parsed<SignerSettings> signing = SigningOptions.read(given.options(), files, view.trusted());
        SignerSettings signerSettings = signing.value().withFiles(view.keys());
        FileStamps keys = FileStamps.of(ConfigurationFiles.keys(signerSettings));
        Parsed<Optional<DkimSigner>> signer = DkimSigner.create(signerSettings);
        List<Problem> found = new ArrayList<>(given.problems());
        found.addAll(values.problems());
        found.addAll(confFileProblems(given, view.trusted()));
        found.addAll(signing.problems());
        found.addAll(signer.problems());
        if (signer.hasErrors()) {
            view.keyHint().ifPresent(found::add);
        }
        found.addAll(SelectorWarnings.of(signerSettings));
        List<Problem> problems = judged(found, strict);
        EntryCounts entries = given.confEntries().and(signerSettings.mapEntries());
        boolean failed = problems.stream().anyMatch(problem -> problem.severity() == Severity.ERROR);
        if (failed || settings.isEmpty() || signer.value().isEmpty()) {
            return new LoadedConfiguration.Invalid<>(problems, stamps.and(keys), entries);
        }
        DkimSigner usable = signer.value().get();
        List<String> notices = new ArrayList<>(withoutEffect(given));
        notices.addAll(SigningNotices.of(signerSettings, usable));
        return new LoadedConfiguration.Valid<>(settings.get(), usable, given, problems, notices, stamps, entries);
    }

    private static List<Problem> judged(List<Problem> problems, boolean isStrict) {
        return problems.stream()
                .map(problem -> isStrict ? problem.asError() : problem)
                .sorted(BY_POSITION)
                .toList();
    }

    private Optional<Path> resolved(SourceText name, List<Problem> problems) {
        try {
            return Optional.of(files.resolve(name.text()));
        } catch (IOException | InvalidPathException noPath) {
            problems.add(Problem.message(
                    Severity.ERROR, FileErrors.cannotRead("conf file", name.text(), FileErrors.describe(noPath))));
            return Optional.empty();
        }
    }

    private static List<Problem> confFileProblems(GivenOptions given, TrustedUsers trusted) {
        FileProblems fileProblems = new FileProblems(trusted);
        return given.confNames().entrySet().stream()
                .filter(file -> FileStamps.isRepeatable(file.getKey()))
                .flatMap(file -> fileProblems.of(CONF_FILE.name(), file.getKey(), file.getValue()).stream())
                .toList();
    }

    /** A line for each option that is accepted for the sake of old conf files. */
    private List<String> withoutEffect(GivenOptions given) {
        return given.options().stream()
                .filter(option -> options.find(option.name())
                        .filter(declared -> declared.effect() == Option.Effect.NONE)
                        .isPresent())
                .map(option -> "option " + option.name() + ": without effect here")
                .toList();
    }
}
