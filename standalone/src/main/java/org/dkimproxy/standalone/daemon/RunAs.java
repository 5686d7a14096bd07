package org.dkimproxy.standalone.daemon;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Who the program becomes once it listens, and where.
 *
 * @param user the user; empty to stay the one that it is
 * @param groups numbers of all groups, that of the process first; empty to stay in those that it has
 * @param root the root directory, absolute; empty for that of the system
 */
public record RunAs(Optional<Account> user, List<Integer> groups, Optional<Path> root) {
    /** Stays what it is. */
    public static final RunAs UNCHANGED = new RunAs(Optional.empty(), List.of(), Optional.empty());

    /** Takes a copy, and refuses a root directory that depends on the working directory. */
    public RunAs {
        groups = List.copyOf(groups);
        if (root.isPresent() && !root.get().isAbsolute()) {
            throw new IllegalArgumentException("relative root directory " + root.get());
        }
    }

    /** Whether nothing is asked for. */
    public boolean isUnchanged() {
        return user.isEmpty() && groups.isEmpty() && root.isEmpty();
    }

    /** Where a path that holds inside the root directory lies as seen from outside. */
    public Path outside(Path inside) {
        return outside(root, inside);
    }

    /** Where a path that holds outside lies inside the root directory; it has to lie there. */
    public Path inside(Path outside) {
        return root.map(directory -> Path.of("/").resolve(directory.relativize(outside)))
                .orElse(outside);
    }

    /** {@link #outside(Path)} for a root directory, if there is to be one. */
    public static Path outside(Optional<Path> root, Path inside) {
        return root.map(directory -> directory.resolve(
                        Path.of("/").relativize(inside.toAbsolutePath().normalize())))
                .orElse(inside);
    }

    /** Who reads files from then on, for messages. */
    public String reader() {
        return user.map(Account::toString).orElse("this program");
    }
}
