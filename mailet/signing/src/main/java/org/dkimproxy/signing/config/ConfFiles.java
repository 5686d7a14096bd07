package org.dkimproxy.signing.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.dkimproxy.sendermap.conf.ConfFile;
import org.dkimproxy.sendermap.conf.ConfOption;
import org.dkimproxy.sendermap.text.NearestName;
import org.dkimproxy.sendermap.text.Parsed;
import org.dkimproxy.sendermap.text.Position;
import org.dkimproxy.sendermap.text.Problem;
import org.dkimproxy.sendermap.text.Severity;
import org.dkimproxy.sendermap.text.SourceText;
import org.dkimproxy.signing.FileSource;
import org.dkimproxy.signing.key.FileErrors;
import org.dkimproxy.signing.reload.EntryCounts;
import org.dkimproxy.signing.reload.FileStamps;

/**
 * Reads a conf file and the files that it includes. The options of an included file stand in place of the {@code include}. Used
 * for one reading.
 */
final class ConfFiles {
    private static final int MAXIMUM_SIZE = 16 * 1024 * 1024;
    private static final int MAXIMUM_FILES = 1000;
    private static final String KIND = "conf file";

    private final OptionTable options;
    private final FileSource files;
    private final boolean isConfFileOfProxy;
    private final List<Problem> problems = new ArrayList<>();
    private final Set<String> foreign = new HashSet<>();
    private final Map<Path, SourceText> names = new LinkedHashMap<>();
    private FileStamps stamps = new FileStamps(Map.of());
    private EntryCounts entries = EntryCounts.NONE;

    ConfFiles(ConfigurationLoader loader) {
        this.options = loader.options();
        this.files = loader.files();
        this.isConfFileOfProxy = loader.isConfFileOfProxy();
    }

    /** The problems so far. */
    List<Problem> problems() {
        return problems;
    }

    /** Names in the files that the program does not know and that resemble none of its own. */
    Set<String> foreign() {
        return foreign;
    }

    /** The files that were read, and where each is named. */
    Map<Path, SourceText> names() {
        return names;
    }

    /** The files and directories to watch, as they were before they were read; none for a file that can be read only once. */
    FileStamps stamps() {
        return stamps;
    }

    /** How many options each file had. */
    EntryCounts entries() {
        return entries;
    }

    /** Reads the conf file itself, which may be a pipe in a program that is started by hand. */
    List<ConfOption> read(Path path, SourceText name) {
        if (isConfFileOfProxy && !FileStamps.isRepeatable(path) && !Files.isDirectory(path)) {
            // a host that is started by others must not wait for a writer of a pipe
            problems.add(Problem.message(Severity.ERROR, cannotRead(name.text(), "it is not a regular file")));
            return List.of();
        }
        try {
            return read(path, name.text(), name, Set.of());
        } catch (IOException e) {
            problems.add(Problem.message(Severity.ERROR, cannotRead(name.text(), FileErrors.describe(e))));
            return List.of();
        }
    }

    /** These options, with those of the files that they include. */
    List<ConfOption> withIncluded(List<ConfOption> given) {
        return withIncluded(given, Set.of());
    }

    private List<ConfOption> withIncluded(List<ConfOption> given, Set<Path> including) {
        List<ConfOption> all = new ArrayList<>();
        for (ConfOption option : given) {
            if (option.name().equals(ConfigurationLoader.INCLUDE.name())) {
                all.addAll(included(option.value(), including));
            } else {
                all.add(option);
            }
        }
        return all;
    }

    private List<ConfOption> included(SourceText name, Set<Path> including) {
        List<ConfOption> all = new ArrayList<>();
        try {
            for (Path path : matches(name.text())) {
                String text = name.text().indexOf('*') < 0 ? name.text() : path.toString();
                if (including.contains(path)) {
                    problems.add(name.error(cannotRead(text, "it includes itself")));
                } else if (names.size() >= MAXIMUM_FILES) {
                    problems.add(name.error(cannotRead(text, "the maximum is " + MAXIMUM_FILES + " files")));
                    return all;
                } else if (!FileStamps.isRepeatable(path)) {
                    problems.add(name.error(cannotRead(text, "it is not a regular file")));
                } else {
                    all.addAll(read(path, text, name, including));
                }
            }
        } catch (IOException | InvalidPathException e) {
            problems.add(name.error(cannotRead(name.text(), FileErrors.describe(e))));
        }
        return all;
    }

    /** The file of this name; for a name with asterisks after its last slash, the files that match it, by name. */
    private List<Path> matches(String name) throws IOException {
        int slash = name.lastIndexOf('/');
        String pattern = name.substring(slash + 1);
        if (pattern.indexOf('*') < 0) {
            return List.of(files.resolve(name));
        }
        Path directory = files.resolve(slash < 0 ? "." : name.substring(0, slash + 1));
        stamps = stamps.and(FileStamps.of(List.of(directory)));
        Pattern regex = Pattern.compile(Stream.of(pattern.split("\\*", -1))
                .map(Pattern::quote)
                .collect(Collectors.joining(".*", "(?s)(?!\\.)", "")));
        try (Stream<Path> list = Files.list(directory)) {
            return list.filter(
                            path -> regex.matcher(path.getFileName().toString()).matches())
                    .sorted()
                    .toList();
        }
    }

    private List<ConfOption> read(Path path, String text, SourceText name, Set<Path> including) throws IOException {
        stamps = stamps.and(FileStamps.ofRepeatable(List.of(path)));
        byte[] content;
        try (InputStream in = Files.newInputStream(path)) {
            content = in.readNBytes(MAXIMUM_SIZE + 1);
        }
        if (content.length > MAXIMUM_SIZE) {
            throw new IOException("it is larger than 16 MiB");
        }
        names.put(path, name);
        Parsed<List<ConfOption>> parsed = ConfFile.parse(text, content, options.names());
        entries = entries.and(EntryCounts.of(path, parsed.value().size()));
        Set<Path> nested = new HashSet<>(including);
        nested.add(path);
        return withIncluded(known(parsed), nested);
    }

    /** The options of a conf file by their proper names. Those of the proxy are no mistakes unless they resemble ours. */
    private List<ConfOption> known(Parsed<List<ConfOption>> content) {
        List<ConfOption> kept = new ArrayList<>();
        Set<Position> ofTheProxy = new HashSet<>();
        for (ConfOption option : content.value()) {
            Optional<Option<?>> declared = options.find(option.name());
            if (declared.isPresent()) {
                String name = declared.get().name();
                kept.add(new ConfOption(name, option.written(), option.value()));
                if (declared.get().occurrence() == Option.Occurrence.DIRECT) {
                    String elsewhere = isConfFileOfProxy ? "it as a parameter only" : "it on the command line only";
                    problems.add(option.written().warning(name + " in a conf file", elsewhere));
                }
            } else if (isConfFileOfProxy
                    && NearestName.of(option.name(), options.names()).isEmpty()) {
                ofTheProxy.add(option.written().position());
                foreign.add(option.name());
            }
        }
        content.problems().stream()
                .filter(problem -> !ofTheProxy.contains(problem.position()))
                .forEach(problems::add);
        return kept;
    }

    private static String cannotRead(String name, String why) {
        return FileErrors.cannotRead(KIND, name, why);
    }
}
