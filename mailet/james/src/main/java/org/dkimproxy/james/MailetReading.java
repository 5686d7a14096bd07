package org.dkimproxy.james;

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
import java.util.stream.Collectors;
import org.dkimproxy.sendermap.conf.ConfFile;
import org.dkimproxy.sendermap.conf.ConfOption;
import org.dkimproxy.sendermap.text.Flag;
import org.dkimproxy.sendermap.text.NearestName;
import org.dkimproxy.sendermap.text.Parsed;
import org.dkimproxy.sendermap.text.Position;
import org.dkimproxy.sendermap.text.Problem;
import org.dkimproxy.sendermap.text.Severity;
import org.dkimproxy.sendermap.text.SourceText;
import org.dkimproxy.signing.ConfigurationFiles;
import org.dkimproxy.signing.DkimSigner;
import org.dkimproxy.signing.FileProblems;
import org.dkimproxy.signing.FileSource;
import org.dkimproxy.signing.HostDomains;
import org.dkimproxy.signing.OwnDomains;
import org.dkimproxy.signing.SignerSettings;
import org.dkimproxy.signing.SigningOptions;
import org.dkimproxy.signing.access.TrustedUsers;
import org.dkimproxy.signing.key.FileErrors;
import org.dkimproxy.signing.reload.EntryCounts;
import org.dkimproxy.signing.reload.FileStamps;

/** Reads and checks all that the mailet is configured by; the same at a start and at a reload. */
final class MailetReading {
    private static final int LARGEST_CONF_FILE = 16 * 1024 * 1024;

    private final Parsed<List<ConfOption>> parameters;
    private final FileSource files;
    private final HostDomains ofJames;
    private final List<Problem> problems = new ArrayList<>();
    private final Set<String> withoutEffect = new HashSet<>();
    private EntryCounts entries = EntryCounts.NONE;

    private MailetReading(Parsed<List<ConfOption>> parameters, FileSource files, HostDomains ofJames) {
        this.parameters = parameters;
        this.files = files;
        this.ofJames = ofJames;
    }

    /**
     * What was read.
     *
     * @param settings empty if a problem is an error
     * @param problems in the order in which they were found
     * @param withoutEffect the names of options in the conf file that mean nothing to a mailet
     * @param watched the files which, when they change, are worth another reading, as they were before this one
     * @param entries how many the conf file and the maps have
     */
    record Result(
            Optional<MailetSettings> settings,
            List<Problem> problems,
            Set<String> withoutEffect,
            FileStamps watched,
            EntryCounts entries) {
        Result {
            problems = List.copyOf(problems);
            withoutEffect = Set.copyOf(withoutEffect);
        }
    }

    /**
     * Reads the parameters, the conf file that they name, and the maps and keys that either names.
     *
     * @param ofJames not asked here, but for the mails
     */
    static Result read(Parsed<List<ConfOption>> parameters, FileSource files, HostDomains ofJames) {
        return new MailetReading(parameters, files, ofJames).read();
    }

    private Result read() {
        problems.addAll(parameters.problems());
        List<ConfOption> options = new ArrayList<>();
        FileStamps watched = FileStamps.of(List.of());
        Optional<SourceText> confFile = last(parameters.value(), MailetParameters.CONF_FILE);
        if (confFile.isPresent()) {
            Optional<Path> path = pathOf(confFile.get());
            watched = FileStamps.of(path.stream().toList());
            Optional<List<ConfOption>> read = path.flatMap(found -> confFileOptions(found, confFile.get()));
            if (read.isEmpty()) {
                // nothing can be said of the options while half of them are unknown
                return new Result(Optional.empty(), problems, withoutEffect, watched, entries);
            }
            options.addAll(read.get());
        }
        // as on the proxy's command line, what is given here wins over the file, lists as a whole
        Set<String> given = parameters.value().stream().map(ConfOption::name).collect(Collectors.toSet());
        options.removeIf(option -> given.contains(option.name()));
        options.addAll(parameters.value());
        return read(options, watched.and(FileStamps.of(ConfigurationFiles.ofOptions(options, files))));
    }

    private Result read(List<ConfOption> options, FileStamps watched) {
        boolean strict = flag(options, MailetParameters.STRICT, Flag.OFF);
        boolean rejectErrors = flag(options, MailetParameters.REJECT_ERROR, Flag.OFF);
        Optional<Flag> convertTo7Bit = flag(options, MailetParameters.CONVERT_TO_7BIT);
        boolean signsOwnAuthors = signsOwnAuthors(options);
        Parsed<SignerSettings> settings = SigningOptions.read(options, files);
        problems.addAll(settings.problems());
        if (parameters.hasErrors()) {
            // what a misspelt parameter was to bring would be reported as missing
            return new Result(Optional.empty(), problems, withoutEffect, watched, entries);
        }
        FileStamps keys = FileStamps.of(ConfigurationFiles.keys(settings.value()));
        Parsed<Optional<DkimSigner>> signer = DkimSigner.create(settings.value());
        problems.addAll(signer.problems());
        if (strict) {
            problems.replaceAll(Problem::asError);
        }
        boolean failed = problems.stream().anyMatch(problem -> problem.severity() == Severity.ERROR);
        Optional<MailetSettings> usable = failed
                ? Optional.empty()
                : signer.value().map(good -> {
                    OwnDomains own = good.ownDomains(ofJames);
                    return new MailetSettings(
                            signsOwnAuthors ? good.forAuthorsOf(own) : good,
                            rejectErrors,
                            sevenBitRule(convertTo7Bit, own));
                });
        // a key in use is looked at for each message; one that is missing often comes after the map that names it
        FileStamps files = usable.isPresent() ? watched : watched.and(keys);
        return new Result(
                usable,
                problems,
                withoutEffect,
                files,
                entries.and(settings.value().mapEntries()));
    }

    private Optional<Path> pathOf(SourceText name) {
        try {
            return Optional.of(files.resolve(name.text()));
        } catch (IOException | InvalidPathException noPath) {
            problems.add(unreadable(name, FileErrors.describe(noPath)));
            return Optional.empty();
        }
    }

    /** Empty, after a problem was added, if the file cannot be read. */
    private Optional<List<ConfOption>> confFileOptions(Path path, SourceText name) {
        if (Files.exists(path) && !Files.isRegularFile(path)) {
            problems.add(unreadable(name, "no file"));
            return Optional.empty();
        }
        try (InputStream in = Files.newInputStream(path)) {
            byte[] content = in.readNBytes(LARGEST_CONF_FILE + 1);
            if (content.length <= LARGEST_CONF_FILE) {
                Parsed<List<ConfOption>> read = ConfFile.parse(name.text(), content, MailetParameters.NAMES);
                entries = EntryCounts.of(path, read.value().size());
                problems.addAll(new FileProblems(TrustedUsers.ofThisProcess()).of("conf_file", path, name));
                return Optional.of(confFileOptions(read));
            }
            problems.add(unreadable(name, "a file of more than 16 MiB"));
        } catch (IOException e) {
            problems.add(unreadable(name, "not readable: " + FileErrors.describe(e)));
        }
        return Optional.empty();
    }

    /** A proxy's options that mean nothing here are no mistakes, unless they look like misspelt ones of ours. */
    private List<ConfOption> confFileOptions(Parsed<List<ConfOption>> read) {
        Set<Position> ofTheProxy = new HashSet<>();
        List<ConfOption> ours = new ArrayList<>();
        for (ConfOption option : read.value()) {
            if (option.name().equals(MailetParameters.CONF_FILE)) {
                problems.add(option.written().warning("conf_file in a conf file", "it as a parameter only"));
            } else if (MailetParameters.NAMES.contains(option.name())) {
                ours.add(option);
            } else if (NearestName.of(option.name(), MailetParameters.NAMES).isEmpty()) {
                ofTheProxy.add(option.written().position());
                withoutEffect.add(option.name());
            }
        }
        read.problems().stream()
                .filter(problem -> !ofTheProxy.contains(problem.position()))
                .forEach(problems::add);
        return ours;
    }

    private static SevenBitRule sevenBitRule(Optional<Flag> option, OwnDomains own) {
        return option.<SevenBitRule>map(flag -> flag == Flag.ON ? SevenBitRule.Fixed.ALWAYS : SevenBitRule.Fixed.NEVER)
                .orElseGet(() -> new SparingForeignSignatures(own));
    }

    private boolean signsOwnAuthors(List<ConfOption> options) {
        Optional<SourceText> value = last(options, MailetParameters.SIGN_AUTHORS);
        boolean signsAll = value.isPresent() && value.get().text().equalsIgnoreCase("all");
        if (value.isPresent() && !signsAll && !value.get().text().equalsIgnoreCase("own")) {
            problems.add(value.get().error(Problem.quoted(value.get().text()), "\"own\" or \"all\""));
        }
        return !signsAll;
    }

    private boolean flag(List<ConfOption> options, String name, Flag standard) {
        return flag(options, name).orElse(standard) == Flag.ON;
    }

    private Optional<Flag> flag(List<ConfOption> options, String name) {
        Optional<SourceText> value = last(options, name);
        Optional<Flag> flag = value.flatMap(text -> Flag.ofWord(text.text()));
        if (value.isPresent() && flag.isEmpty()) {
            problems.add(value.get().error(Problem.quoted(value.get().text()), "yes or no"));
        }
        return flag;
    }

    private static Problem unreadable(SourceText name, String found) {
        return name.error(
                "conf_file " + Problem.quoted(name.text()) + " (" + found + ")",
                "a file that can be read: file://conf/NAME or an absolute path");
    }

    private static Optional<SourceText> last(List<ConfOption> options, String name) {
        return options.stream()
                .filter(option -> option.name().equals(name))
                .map(ConfOption::value)
                .reduce((earlier, later) -> later);
    }
}
