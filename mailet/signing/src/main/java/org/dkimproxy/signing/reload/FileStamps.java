package org.dkimproxy.signing.reload;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The stamps of several files.
 *
 * @param byPath one for each file, also for one that is not there
 */
public record FileStamps(Map<Path, FileStamp> byPath) {
    /** Takes a copy. */
    public FileStamps {
        byPath = Map.copyOf(byPath);
    }

    /** The stamps of files as they are now. */
    public static FileStamps of(Collection<Path> paths) {
        Map<Path, FileStamp> stamps = new HashMap<>();
        paths.forEach(path -> stamps.put(path, FileStamp.of(path)));
        return new FileStamps(stamps);
    }

    /** The stamps of those files that give their content every time that they are read, unlike a pipe. */
    public static FileStamps ofRepeatable(Collection<Path> paths) {
        return of(paths.stream().filter(FileStamps::isRepeatable).toList());
    }

    /** Whether a file gives its content every time that it is read; one that does not exist may become one. */
    public static boolean isRepeatable(Path path) {
        return Files.isRegularFile(path) || !Files.exists(path);
    }

    /** The files. */
    public Set<Path> paths() {
        return byPath.keySet();
    }

    /** These files as they are now. */
    public FileStamps again() {
        return of(paths());
    }

    /** These, and those of {@code more} for files that are not among these. */
    public FileStamps and(FileStamps more) {
        Map<Path, FileStamp> both = new HashMap<>(more.byPath);
        both.putAll(byPath);
        return new FileStamps(both);
    }

    /**
     * The files that are not there now and were there {@code before}, in order; without those of a directory that is among these,
     * which is read again without them.
     */
    public Set<Path> goneSince(FileStamps before) {
        Set<Path> gone = new TreeSet<>();
        byPath.forEach((path, stamp) -> {
            if (!stamp.exists() && before.of(path).exists() && !hasDirectoryOf(path)) {
                gone.add(path);
            }
        });
        return gone;
    }

    /** These stamps, with those from {@code before} for files that do not exist now. */
    public FileStamps fillingGapsFrom(FileStamps before) {
        Map<Path, FileStamp> filled = new HashMap<>();
        byPath.forEach((path, stamp) -> filled.put(path, stamp.exists() ? stamp : before.of(path)));
        return new FileStamps(filled);
    }

    private boolean hasDirectoryOf(Path path) {
        Path directory = path.getParent();
        return directory != null && byPath.containsKey(directory);
    }

    private FileStamp of(Path path) {
        return byPath.getOrDefault(path, FileStamp.ABSENT);
    }
}
