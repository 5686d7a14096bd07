package org.dkimproxy.standalone.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.dkimproxy.sendermap.conf.ConfFile;
import org.dkimproxy.sendermap.conf.ConfOption;
import org.dkimproxy.sendermap.text.Parsed;
import org.dkimproxy.sendermap.text.Problem;
import org.dkimproxy.sendermap.text.Severity;
import org.dkimproxy.signing.DkimSigner;
import org.dkimproxy.signing.FileSource;
import org.dkimproxy.signing.SignerSettings;
import org.dkimproxy.signing.SigningOptions;
import org.dkimproxy.signing.key.FileErrors;
import org.dkimproxy.signing.reload.EntryCounts;
import org.dkimproxy.standalone.config.KnownOption.Standing;
import org.dkimproxy.standalone.daemon.RunAs;

/**
 * Command line and conf file together: the command line wins, and a list given on it replaces the file's whole list.
 *
 * @param options by their proper names, the file's first
 * @param notes what an administrator should know that is nobody's fault, one line each
 * @param strict whether warnings count as errors
 * @param isIncomplete whether the conf file could not be read, so that nothing more can be said of the options
 * @param confEntries how many options the conf file has
 */
public record Configuration(
        List<ConfOption> options, List<String> notes, boolean strict, boolean isIncomplete, EntryCounts confEntries) {
    /** Relative names begin in the directory that the program was started in, wherever it has gone since. */
    public static final FileSource FILES = name -> Path.of(name).toAbsolutePath();

    /** The option that names the conf file. */
    static final String CONF_FILE = "conf_file";

    private static final int LARGEST_FILE = 16 * 1024 * 1024;

    /** Takes copies. */
    public Configuration {
        options = List.copyOf(options);
        notes = List.copyOf(notes);
    }

    /** Reads the conf file that the command line names, if any, and merges the two. */
    public static Parsed<Configuration> read(CommandLine commandLine, KnownOptions known) {
        List<Problem> problems = new ArrayList<>();
        List<ConfOption> fromFile = new ArrayList<>();
        Optional<ConfOption> confFile = last(commandLine.options(), CONF_FILE);
        EntryCounts confEntries = EntryCounts.NONE;
        if (confFile.isPresent()) {
            Parsed<List<ConfOption>> read = readFile(confFile.get(), known);
            if (read.hasErrors()) {
                return new Parsed<>(new Configuration(List.of(), List.of(), false, true, confEntries), read.problems());
            }
            problems.addAll(read.problems());
            confEntries = OptionValues.pathOf(confFile.get().value().text())
                    .map(path -> EntryCounts.of(path, read.value().size()))
                    .orElse(EntryCounts.NONE);
            read.value().forEach(found -> fromFile.add(properlyNamed(found, known)));
        }
        for (ConfOption nested : fromFile) {
            if (nested.name().equals(CONF_FILE)) {
                problems.add(nested.written().warning("conf_file in a conf file", "it on the command line only"));
            }
            if (nested.name().equals(KnownOptions.EX_CONFIG)) {
                problems.add(nested.written()
                        .warning(KnownOptions.EX_CONFIG + " in a conf file", "it on the command line only"));
            }
        }
        problems.addAll(RepeatedOptions.ofFile(fromFile, known));
        problems.addAll(RepeatedOptions.ofCommandLine(commandLine.options(), known));
        List<ConfOption> merged = merge(fromFile, commandLine.options(), known);
        List<String> notes = notes(merged, known);
        boolean strict = last(merged, "strict").map(OptionValues::isOn).orElse(false);
        Parsed<Configuration> result =
                new Parsed<>(new Configuration(merged, notes, strict, false, confEntries), problems);
        return strict ? result.strict() : result;
    }

    /** The same problems, all of them errors under {@code strict}. */
    List<Problem> judged(List<Problem> found) {
        return strict ? new Parsed<>(this, found).strict().problems() : found;
    }

    /** What the options of the signing group and the maps that they name say. */
    Parsed<SignerSettings> signerSettings(Standpoint standpoint) {
        Parsed<SignerSettings> read = SigningOptions.read(options, FILES, FileTrust.of(options, standpoint));
        Optional<Path> root = root(standpoint);
        Parsed<SignerSettings> settings =
                new Parsed<>(read.value().withFiles(name -> RunAs.outside(root, FILES.resolve(name))), read.problems());
        return strict ? settings.strict() : settings;
    }

    /** A reminder for those whose keys are not found. */
    private Optional<Problem> keysAreInside(Standpoint standpoint) {
        return root(standpoint)
                .flatMap(root -> last(options, "chroot")
                        .map(option -> option.written()
                                .warning(
                                        "chroot, so that key files are looked for in " + root,
                                        "a copy of each there: /KEY as " + root + "/KEY")));
    }

    /** The root directory that the program will have, for one that stands outside of it. */
    Optional<Path> root(Standpoint standpoint) {
        return standpoint == Standpoint.INSIDE
                ? Optional.empty()
                : last(options, "chroot")
                        .flatMap(option -> OptionValues.pathOf(option.value().text()));
    }

    /** The signer that the options ask for; there unless a problem is an error. */
    public Parsed<Optional<DkimSigner>> signer() {
        return signer(signerSettings(Standpoint.OUTSIDE), Standpoint.OUTSIDE);
    }

    /** The signer of these settings, with their problems and those of the keys; there unless one is an error. */
    Parsed<Optional<DkimSigner>> signer(Parsed<SignerSettings> settings, Standpoint standpoint) {
        Parsed<Optional<DkimSigner>> signer = DkimSigner.create(settings.value());
        Optional<Problem> elsewhere = signer.hasErrors() ? keysAreInside(standpoint) : Optional.empty();
        List<Problem> problems = Stream.of(settings.problems().stream(), signer.problems().stream(), elsewhere.stream())
                .flatMap(found -> found)
                .toList();
        Optional<DkimSigner> usable = settings.hasErrors() ? Optional.empty() : signer.value();
        Parsed<Optional<DkimSigner>> result = new Parsed<>(usable, problems);
        return strict ? result.strict() : result;
    }

    static Optional<ConfOption> last(List<ConfOption> options, String name) {
        return options.reversed().stream()
                .filter(option -> option.name().equals(name))
                .findFirst();
    }

    private static ConfOption properlyNamed(ConfOption option, KnownOptions known) {
        return known.find(option.name())
                .map(found -> new ConfOption(found.name(), option.written(), option.value()))
                .orElse(option);
    }

    static List<ConfOption> merge(List<ConfOption> file, List<ConfOption> commandLine, KnownOptions known) {
        Set<String> replaced = new HashSet<>();
        for (ConfOption option : commandLine) {
            if (known.find(option.name()).map(KnownOption::isList).orElse(false)) {
                replaced.add(option.name());
            }
        }
        List<ConfOption> merged = new ArrayList<>(file);
        merged.removeIf(option -> replaced.contains(option.name()));
        merged.addAll(commandLine);
        return merged;
    }

    /** What is to be said of options that change nothing. */
    private static List<String> notes(List<ConfOption> options, KnownOptions known) {
        return options.stream()
                .filter(option -> known.find(option.name())
                        .map(found -> found.standing() == Standing.WITHOUT_EFFECT
                                && (!found.isFlag() || OptionValues.isOn(option)))
                        .orElse(false))
                .map(option -> "option " + option.name() + ": without effect here")
                .toList();
    }

    private static Parsed<List<ConfOption>> readFile(ConfOption option, KnownOptions known) {
        String name = option.value().text();
        try (InputStream in = Files.newInputStream(FILES.resolve(name))) {
            byte[] content = in.readNBytes(LARGEST_FILE + 1);
            if (content.length > LARGEST_FILE) {
                return unreadable(name, "a file of more than 16 MiB");
            }
            return ConfFile.parse(name, content, known.names());
        } catch (IOException | InvalidPathException e) {
            return unreadable(name, "a file that cannot be read (" + FileErrors.describe(e) + ")");
        }
    }

    private static Parsed<List<ConfOption>> unreadable(String name, String found) {
        return new Parsed<>(
                List.of(), List.of(Problem.ofFile(Severity.ERROR, name, found, "a conf file: see conf_file")));
    }
}
