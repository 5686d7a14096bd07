package org.dkimproxy.standalone.config;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Set;
import java.util.stream.Collectors;

/** Files that give their content every time that they are read, unlike a pipe. */
final class RereadableFiles {
    private RereadableFiles() {}

    /** Those of the files that are such; one that is not there may become one. */
    static Set<Path> among(Collection<Path> files) {
        return files.stream().filter(RereadableFiles::includes).collect(Collectors.toUnmodifiableSet());
    }

    /** Whether the file is one, or is not there. */
    static boolean includes(Path file) {
        return Files.isRegularFile(file) || !Files.exists(file);
    }
}
