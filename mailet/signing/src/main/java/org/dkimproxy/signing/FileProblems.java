package org.dkimproxy.signing;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.dkimproxy.sendermap.text.Problem;
import org.dkimproxy.sendermap.text.SourceText;
import org.dkimproxy.signing.access.TrustedUsers;
import org.dkimproxy.signing.access.WriteAccess;

/**
 * Warns of files of a configuration that other users can change, and of directories in which they can replace them; of each
 * directory once. For one reading; not thread-safe.
 */
public final class FileProblems {
    private final WriteAccess access;
    private final Set<Path> reported = new HashSet<>();

    /** @param trusted the users who may change files */
    public FileProblems(TrustedUsers trusted) {
        this.access = new WriteAccess(trusted);
    }

    /**
     * The warnings for a file.
     *
     * @param kind of the file, such as {@code key file}
     * @param name where it is named
     */
    public List<Problem> of(String kind, Path file, SourceText name) {
        return access.of(file).stream()
                .filter(exposure -> reported.add(exposure.path()))
                .map(exposure -> name.warning(exposure.found(kind + " " + file), exposure.expected()))
                .toList();
    }
}
