package org.dkimproxy.signing.access;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Looks for other users that can change a file, as OpenDKIM does with {@code RequireSafeKeys}: by its own mode and owner, or
 * by those of a directory on the way to it, in which they could replace what lies below.
 *
 * <p>A group is somebody else if it has a member other than the trusted users. In a sticky directory of a trusted user, such as
 * {@code /tmp}, only the owner of a file can replace it. On a read-only mount nobody can. An instance remembers the directories
 * that it has seen, so it is for one reading of a configuration. Not thread-safe.
 */
public final class WriteAccess {
    /** As many as Linux follows. */
    private static final int MOST_LINKS = 40;

    private final OtherWriters others;
    private final Map<Path, Directory> directories = new HashMap<>();

    /** @param trusted the users who may change files */
    public WriteAccess(TrustedUsers trusted) {
        this.others = new OtherWriters(trusted, LocalAccounts::ofSystem);
    }

    WriteAccess(TrustedUsers trusted, LocalAccounts accounts) {
        this.others = new OtherWriters(trusted, () -> accounts);
    }

    /**
     * A directory that was looked at.
     *
     * @param path without links
     * @param isSticky whether others can make files in it, and replace only their own
     * @param exposure of the first directory from the root to this one that has one
     */
    private record Directory(Path path, boolean isSticky, Optional<Exposure> exposure) {}

    /**
     * Looks at a file.
     *
     * @return the first directory on the way that others can write to, the links that they can replace, and the file if they
     *     can write to it; nothing for a file that is gone, and where files have no owners
     */
    public List<Exposure> of(Path file) {
        Path absolute = file.toAbsolutePath();
        if (!absolute.getFileSystem().supportedFileAttributeViews().contains("unix")) {
            return List.of();
        }
        try {
            return new Walk(absolute).toItsEnd();
        } catch (IOException gone) {
            // reported by the code that reads the file
            return List.of();
        }
    }

    /** The way to a file, from the root on and through links. */
    private final class Walk {
        private final Deque<Path> rest = new ArrayDeque<>();
        private final List<Exposure> found = new ArrayList<>();
        private final Directory root;
        private Directory at;
        private Optional<Exposure> onTheWay;
        private int links;

        Walk(Path file) throws IOException {
            Path top = Objects.requireNonNull(file.getRoot());
            Directory known = directories.get(top);
            root = known == null ? look(FileNode.of(top), Optional.empty()) : known;
            at = root;
            onTheWay = root.exposure;
            goOn(file);
        }

        List<Exposure> toItsEnd() throws IOException {
            while (!rest.isEmpty()) {
                Path next = at.path.resolve(rest.pop()).normalize();
                Directory known = directories.get(next);
                if (known == null) {
                    take(FileNode.of(next));
                } else {
                    enter(known);
                }
            }
            onTheWay.ifPresent(found::addFirst);
            return found;
        }

        private void take(FileNode node) throws IOException {
            if (node.isDirectory()) {
                enter(look(node, at.exposure));
            } else if (node.isLink()) {
                follow(node);
            } else {
                others.of(node).ifPresent(found::add);
            }
        }

        private void enter(Directory directory) {
            at = directory;
            onTheWay = onTheWay.or(directory::exposure);
        }

        private void follow(FileNode link) throws IOException {
            // in any other directory a link is as safe as the directory
            if (at.isSticky) {
                others.of(link).ifPresent(found::add);
            }
            if (++links > MOST_LINKS) {
                throw new IOException("too many symbolic links");
            }
            Path target = Files.readSymbolicLink(link.path());
            if (target.isAbsolute()) {
                at = root;
            }
            goOn(target);
        }

        private void goOn(Path path) {
            List<Path> names = new ArrayList<>();
            path.forEach(names::add);
            names.reversed().forEach(rest::push);
        }
    }

    private Directory look(FileNode node, Optional<Exposure> above) throws IOException {
        Optional<Exposure> exposure = above.isPresent() ? above : others.of(node);
        Directory directory = new Directory(node.path(), node.isSticky(), exposure);
        directories.put(node.path(), directory);
        return directory;
    }
}
