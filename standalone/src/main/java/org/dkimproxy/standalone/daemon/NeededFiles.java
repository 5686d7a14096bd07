package org.dkimproxy.standalone.daemon;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.dkimproxy.signing.key.FileErrors;

/**
 * Files and directories that the program reads again after it has dropped privileges. Their owners are looked up before, when names
 * of owners are at hand; whether they can be read is found out after, by reading.
 */
public final class NeededFiles {
    private final RunAs target;

    /** What is known of each file and of the directories above it, by its path inside. */
    private final Map<Path, String> owners = new LinkedHashMap<>();

    private final List<Path> files = new ArrayList<>();

    /**
     * Looks at the files, where they lie now.
     *
     * @param inside their paths as they will be, absolute
     */
    public NeededFiles(Collection<Path> inside, RunAs target) {
        this.target = target;
        for (Path file : inside) {
            Path now = target.outside(file);
            // a pipe that was given as conf file is not read again, and to open one could wait for ever
            if (!Files.exists(now) || Files.isRegularFile(now) || Files.isDirectory(now)) {
                files.add(file);
                for (Path path = file; path != null; path = path.getParent()) {
                    owners.computeIfAbsent(path, key -> owner(target.outside(key)));
                }
            }
        }
    }

    /** Those that are not there, as seen now. */
    public List<Path> missing() {
        return files.stream()
                .filter(file ->
                        failure(file).map(e -> e instanceof NoSuchFileException).orElse(false))
                .toList();
    }

    /** Those that are there or hidden and cannot be read: a line for each, with the reason and what to do. */
    public List<String> unreadable() {
        List<String> lines = new ArrayList<>();
        for (Path file : files) {
            failure(file).filter(e -> !(e instanceof NoSuchFileException)).ifPresent(e -> lines.add(line(file, e)));
        }
        return lines;
    }

    private String line(Path file, IOException reason) {
        Optional<Path> closed = closedDirectory(file);
        Path blocks = closed.orElse(file);
        return target.reader() + " cannot read " + (Files.isDirectory(file) ? "directory " : "file ") + file + ": "
                + FileErrors.describe(reason) + "; "
                + (closed.isPresent() ? "directory " + blocks : "it") + " is " + owners.getOrDefault(blocks, "unknown")
                + ": let " + (closed.isPresent() ? "that user search it" : "that user read it")
                + ", by chown, chgrp or chmod";
    }

    /** The uppermost directory above a file that cannot be searched. */
    private static Optional<Path> closedDirectory(Path file) {
        Optional<Path> closed = Optional.empty();
        for (Path directory = file.getParent(); directory != null; directory = directory.getParent()) {
            if (!Files.isExecutable(directory)) {
                closed = Optional.of(directory);
            }
        }
        return closed;
    }

    private static Optional<IOException> failure(Path file) {
        if (Files.isDirectory(file)) {
            try (Stream<Path> _ = Files.list(file)) {
                return Optional.empty();
            } catch (IOException e) {
                return Optional.of(e);
            }
        }
        try (InputStream in = Files.newInputStream(file)) {
            in.read();
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(e);
        }
    }

    private static String owner(Path path) {
        try {
            PosixFileAttributes attributes = Files.readAttributes(path, PosixFileAttributes.class);
            return PosixFilePermissions.toString(attributes.permissions()) + " of "
                    + attributes.owner().getName() + ":" + attributes.group().getName();
        } catch (IOException e) {
            return FileErrors.describe(e);
        }
    }
}
