package org.dkimproxy.signing.key;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;

/** Tells whether a file that holds a secret keeps it. Group-readable is common and fine. */
public final class SecretFile {
    private SecretFile() {}

    /** The mode, such as {@code rw-r--r--}, of a file that everyone can read; nothing for others, and where files have no mode. */
    public static Optional<String> modeOpenToAll(Path path) throws IOException {
        PosixFileAttributeView view = Files.getFileAttributeView(path, PosixFileAttributeView.class);
        if (view == null) {
            return Optional.empty();
        }
        Set<PosixFilePermission> mode = view.readAttributes().permissions();
        return mode.contains(PosixFilePermission.OTHERS_READ)
                ? Optional.of(PosixFilePermissions.toString(mode))
                : Optional.empty();
    }
}
