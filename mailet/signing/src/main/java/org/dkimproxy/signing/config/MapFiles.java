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
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.ToIntFunction;
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
     * Reads a map.
     *
     * @param option that names it
     * @return a map without entries after a problem was added, if the file cannot be read
     */
    <T> T read(
            String option, SourceText name, BiFunction<String, InputStream, Parsed<T>> parser, ToIntFunction<T> size) {
        Optional<Path> path = path(name);
        if (path.isPresent()) {
            try (InputStream in = Files.newInputStream(path.get())) {
                Parsed<T> map = parser.apply(name.text(), in);
                problems.addAll(map.problems());
                problems.addAll(fileProblems.of(option, path.get(), name));
                entries.put(path.get(), size.applyAsInt(map.value()));
                return map.value();
            } catch (UncheckedIOException broken) {
                problems.add(unreadable(name, Objects.requireNonNull(broken.getCause())));
            } catch (IOException broken) {
                problems.add(unreadable(name, broken));
            }
        }
        return parser.apply(name.text(), InputStream.nullInputStream()).value();
    }

    /** How many entries each map had that could be read. */
    EntryCounts entries() {
        return new EntryCounts(entries);
    }

    /** Where the file is; empty, after a problem was added, if it is no file that can be a map. */
    private Optional<Path> path(SourceText name) {
        try {
            Path path = files.resolve(name.text());
            if (Files.exists(path) && !Files.isRegularFile(path)) {
                problems.add(name.error(FileErrors.cannotRead("map", name.text(), "it is not a regular file")));
                return Optional.empty();
            }
            long octets = Files.size(path);
            if (octets > LARGEST) {
                problems.add(name.error(FileErrors.cannotRead(
                        "map",
                        name.text(),
                        "it has " + octets + " bytes, and the maximum is " + LARGEST
                                + " (half of the memory, and 1 GiB)")));
                return Optional.empty();
            }
            return Optional.of(path);
        } catch (IOException | InvalidPathException noPath) {
            problems.add(unreadable(name, noPath));
        }
        return Optional.empty();
    }

    private static Problem unreadable(SourceText name, Exception why) {
        return name.error(FileErrors.cannotRead("map", name.text(), why));
    }

    /** A file of more than half of the memory, in octets, cannot be held beside the map that is made of it. */
    static int largest(long memory) {
        return (int) Math.min(1 << 30, memory / 2);
    }
}
