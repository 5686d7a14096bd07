package org.dkimproxy.signing.access;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Objects;

/**
 * A file, directory or symbolic link, with its owner, group and mode.
 *
 * @param mode type and permission bits, as stat(2) has them
 */
record FileNode(Path path, int mode, int uid, int gid) {
    private static final int TYPE = 0170000;
    private static final int DIRECTORY = 0040000;
    private static final int LINK = 0120000;
    private static final int STICKY = 01000;
    private static final int GROUP_WRITE = 020;
    private static final int OTHERS_WRITE = 02;

    /** Looks at a path; a link is not followed. */
    static FileNode of(Path path) throws IOException {
        Map<String, Object> attributes = Files.readAttributes(path, "unix:mode,uid,gid", LinkOption.NOFOLLOW_LINKS);
        return new FileNode(path, number(attributes, "mode"), number(attributes, "uid"), number(attributes, "gid"));
    }

    private static int number(Map<String, Object> attributes, String name) {
        return (Integer) Objects.requireNonNull(attributes.get(name));
    }

    boolean isDirectory() {
        return (mode & TYPE) == DIRECTORY;
    }

    boolean isLink() {
        return (mode & TYPE) == LINK;
    }

    Exposure.Kind kind() {
        return isDirectory() ? Exposure.Kind.DIRECTORY : isLink() ? Exposure.Kind.LINK : Exposure.Kind.FILE;
    }

    boolean isGroupWritable() {
        return (mode & GROUP_WRITE) != 0;
    }

    boolean isWorldWritable() {
        return (mode & OTHERS_WRITE) != 0;
    }

    /** Whether it is a directory in which others can make files, and replace only their own. */
    boolean isSticky() {
        return isDirectory() && (mode & STICKY) != 0 && (isGroupWritable() || isWorldWritable());
    }

    /**
     * Whether it is on a read-only mount other than that of the root directory: there systemd's {@code ProtectSystem} makes
     * everything read-only for one service, and others write to the same files.
     */
    boolean isOnReadOnlyMount() {
        try {
            Object root = Files.getAttribute(Objects.requireNonNull(path.getRoot()), "unix:dev");
            Object own = Files.getAttribute(path, "unix:dev", LinkOption.NOFOLLOW_LINKS);
            return !own.equals(root) && Files.getFileStore(path).isReadOnly();
        } catch (IOException unknown) {
            return false;
        }
    }

    /** Owner, group and mode in words. */
    PosixFileAttributes attributes() throws IOException {
        return Files.readAttributes(path, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    }

    /** An exposure of it. */
    Exposure exposedTo(String writer, String command) throws IOException {
        return new Exposure(
                kind(), path, writer, PosixFilePermissions.toString(attributes().permissions()), command + " " + path);
    }
}
