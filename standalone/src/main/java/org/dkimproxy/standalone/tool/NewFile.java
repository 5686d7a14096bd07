package org.dkimproxy.standalone.tool;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Set;
import org.dkimproxy.signing.key.FileErrors;

/** Files that appear whole or not at all, and never in the place of another. */
final class NewFile {
    private NewFile() {}

    /** Refuses a name that is taken, also by a symbolic link. */
    static void mustBeFree(Path file) throws IOException {
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            throw taken(file);
        }
    }

    /**
     * Writes under another name with the right mode from the first octet on, then gives the file its name: the link is
     * refused by the system if there is a file of that name.
     *
     * @param mode such as {@code rw-------}; the umask takes away from it
     */
    static void write(Path file, byte[] content, String mode) throws IOException {
        write(file, content, mode, OptionalInt.empty());
    }

    /**
     * The same for a file that a group may read too.
     *
     * @param group its number; none to leave the file to the group that it is made with
     */
    static void write(Path file, byte[] content, String mode, OptionalInt group) throws IOException {
        Path directory = Objects.requireNonNull(file.toAbsolutePath().getParent());
        Path partial = Files.createTempFile(
                directory,
                ".dkimproxy-keygen-",
                ".part",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode)));
        try {
            try (FileChannel channel = FileChannel.open(partial, StandardOpenOption.WRITE)) {
                ByteBuffer rest = ByteBuffer.wrap(content);
                while (rest.hasRemaining()) {
                    channel.write(rest);
                }
                channel.force(true);
            }
            if (group.isPresent()) {
                letRead(partial, group.getAsInt());
            }
            Files.createLink(file, partial);
        } catch (FileAlreadyExistsException meanwhile) {
            IOException taken = taken(file);
            taken.addSuppressed(meanwhile);
            throw taken;
        } finally {
            Files.deleteIfExists(partial);
        }
    }

    private static void letRead(Path file, int group) throws IOException {
        try {
            Files.setAttribute(file, "unix:gid", group);
        } catch (IOException e) {
            throw new IOException(
                    "the file cannot be given to group " + Integer.toUnsignedString(group) + " ("
                            + FileErrors.describe(e) + "); only root can, and who is in that group",
                    e);
        }
        Set<PosixFilePermission> mode = Files.getPosixFilePermissions(file);
        mode.add(PosixFilePermission.GROUP_READ);
        Files.setPosixFilePermissions(file, mode);
    }

    private static IOException taken(Path file) {
        return new IOException(file + " is there already; it was left as it is");
    }
}
