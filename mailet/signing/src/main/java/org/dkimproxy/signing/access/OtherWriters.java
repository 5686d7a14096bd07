package org.dkimproxy.signing.access;

import java.io.IOException;
import java.util.Optional;
import java.util.function.Supplier;

/** Who beside the trusted users can write to a file, a directory or a link. */
final class OtherWriters {
    private final TrustedUsers trusted;
    private final Supplier<LocalAccounts> accounts;

    /** @param accounts read when a group can write */
    OtherWriters(TrustedUsers trusted, Supplier<LocalAccounts> accounts) {
        this.trusted = trusted;
        this.accounts = accounts;
    }

    /** Users that can change a file, replace files in a directory, or replace a link in a sticky directory. */
    Optional<Exposure> of(FileNode node) throws IOException {
        Optional<Exposure> found = byOwner(node);
        if (found.isEmpty() && !node.isLink() && !node.isSticky()) {
            found = byMode(node);
        }
        // asked last, since it takes a while
        return found.isPresent() && node.isOnReadOnlyMount() ? Optional.empty() : found;
    }

    private Optional<Exposure> byOwner(FileNode node) throws IOException {
        if (trusted.include(node.uid())) {
            return Optional.empty();
        }
        String writer = "its owner " + node.attributes().owner().getName();
        return Optional.of(node.exposedTo(writer, node.isLink() ? "chown -h root" : "chown root"));
    }

    private Optional<Exposure> byMode(FileNode node) throws IOException {
        if (node.isWorldWritable()) {
            return Optional.of(node.exposedTo("everyone", node.isGroupWritable() ? "chmod go-w" : "chmod o-w"));
        }
        if (!node.isGroupWritable()) {
            return Optional.empty();
        }
        String group = node.attributes().group().getName();
        return isOthers(node.gid(), group)
                ? Optional.of(node.exposedTo("group " + group, "chmod g-w"))
                : Optional.empty();
    }

    /** The members of a group that has a name and is not in group(5) are known to a directory service only. */
    private boolean isOthers(int gid, String name) {
        LocalAccounts known = accounts.get();
        boolean isOfDirectoryService = !known.knowsGroup(gid) && !isNumber(name);
        return isOfDirectoryService || known.hasOtherMembers(gid, trusted);
    }

    /** The name of a group without one is its number. */
    private static boolean isNumber(String name) {
        return name.matches("-?[0-9]+");
    }
}
