package org.dkimproxy.signing.config;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;
import org.dkimproxy.sendermap.map.MapPart;
import org.dkimproxy.sendermap.map.RuleMap;
import org.dkimproxy.sendermap.text.Parsed;
import org.dkimproxy.sendermap.text.Problem;
import org.dkimproxy.sendermap.text.SourceText;
import org.dkimproxy.signing.FileProblems;
import org.dkimproxy.signing.FileSource;
import org.dkimproxy.signing.access.TrustedUsers;
import org.dkimproxy.signing.key.FileErrors;
import org.dkimproxy.signing.reload.EntryCounts;

/** Reads the maps that a configuration names, and counts their entries. */
final class MapFiles {
    private static final int LARGEST = largest(Runtime.getRuntime().maxMemory());

    private final FileSource files;
    private final FileProblems fileProblems;
    private final List<Problem> problems;
    private final Map<Path, Integer> entries = new HashMap<>();

    /** @param problems where problems are added */
    MapFiles(FileSource files, TrustedUsers trusted, List<Problem> problems) {
        this.files = files;
        this.fileProblems = new FileProblems(trusted);
        this.problems = problems;
    }

    /**
     * Reads a map, from a file or from the files of a directory.
     *
     * @param option that names it
     * @return a map without entries after a problem was added, if a file cannot be read
     */
    <T extends RuleMap> T read(String option, SourceText name, Function<List<MapPart>, Parsed<T>> parser) {
        try {
            Path path = files.resolve(name.text());
            List<Path> parts = files(path);
            checkSize(parts);
            if (parts.isEmpty()) {
                problems.add(name.warning("a directory without files", "a map, or a directory with the files of one"));
            }
            Parsed<T> map = parser.apply(parts.stream()
                    .map(part -> new MapPart(part.equals(path) ? name.text() : part.toString(), () -> open(part)))
                    .toList());
            problems.addAll(map.problems());
            parts.forEach(part -> problems.addAll(fileProblems.of(option, part, name)));
            entries.put(path, map.value().size());
            return map.value();
        } catch (UncheckedIOException broken) {
            problems.add(unreadable(name, Objects.requireNonNull(broken.getCause())));
        } catch (IOException | InvalidPathException broken) {
            problems.add(unreadable(name, broken));
        }
        return parser.apply(List.of()).value();
    }

    /** The file itself, or the files of a directory by name, without those whose names begin with a dot or end in a tilde. */
    static List<Path> files(Path path) throws IOException {
        if (!Files.isDirectory(path)) {
            return List.of(path);
        }
        try (Stream<Path> list = Files.list(path)) {
            return list.filter(file -> !file.getFileName().toString().matches("(?s)\\..*|.*~"))
                    .filter(Files::isRegularFile)
                    .sorted()
                    .toList();
        }
    }

    private static InputStream open(Path path) {
        try {
            return Files.newInputStream(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** How many entries each map had that could be read. */
    EntryCounts entries() {
        return new EntryCounts(entries);
    }

    private static void checkSize(List<Path> parts) throws IOException {
        long octets = 0;
        for (Path part : parts) {
            if (Files.exists(part) && !Files.isRegularFile(part)) {
                throw new IOException("it is not a regular file");
            }
            octets += Files.size(part);
        }
        if (octets > LARGEST) {
            throw new IOException(
                    "it has " + octets + " bytes, and the maximum is " + LARGEST + " (half of the memory, and 1 GiB)");
        }
    }

    private static Problem unreadable(SourceText name, Exception why) {
        return name.error(FileErrors.cannotRead("map", name.text(), why));
    }

    /** A file of more than half of the memory, in octets, cannot be held beside the map that is made of it. */
    static int largest(long memory) {
        return (int) Math.min(1 << 30, memory / 2);
    }
}
