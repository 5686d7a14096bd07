package org.dkimproxy.signing.config;

import java.util.Optional;
import org.dkimproxy.sendermap.text.Problem;
import org.dkimproxy.signing.FileSource;
import org.dkimproxy.signing.access.TrustedUsers;

/**
 * How a process sees the files of its configuration.
 *
 * @param keys where key files lie; elsewhere than their names say before the process changes its root directory
 * @param trusted the users who may change the files without a warning
 * @param keyHint a warning that is added if a key cannot be used
 */
public record FileView(FileSource keys, TrustedUsers trusted, Optional<Problem> keyHint) {
    /** The view of a process that stays as it is. */
    public static FileView of(FileSource files) {
        return new FileView(files, TrustedUsers.ofThisProcess(), Optional.empty());
    }
}
