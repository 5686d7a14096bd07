package org.dkimproxy.standalone.tool;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.OptionalInt;
import org.dkimproxy.signing.key.FileErrors;
import org.dkimproxy.standalone.posix.Descriptor;
import org.dkimproxy.standalone.posix.TrustedPath;

/** Files that appear whole or not at all, and never in the place of another. */
final class NewFile {
    private static final String PREFIX = ".dkimproxy-keygen-";

    private NewFile() {}

    /** Refuses a name that is taken, also by a symbolic link. */
    static void mustBeFree(Path file) throws IOException {
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            throw taken(file);
        }
    }

    /**
     * Writes under another name, in a file that only its owner can read, then gives the file its name: the link is refused by
     * the system if there is a file of that name. Group and mode are given to the open descriptor, so no user that can write to
     * the directory can have them given to a file of his choice.
     *
     * @param mode the permissions, such as 0600, for any umask
     * @param group the number of its group; none for the one that the system gives it
     * @throws IOException if it cannot be written; the message is for a person
     */
    static void write(Path file, byte[] content, int mode, OptionalInt group) throws IOException {
        try (TrustedPath trusted = TrustedPath.of(file);
                Descriptor partial = Descriptor.createTemporary(trusted.directory(), PREFIX)) {
            try {
                ByteBuffer rest = ByteBuffer.wrap(content);
                while (rest.hasRemaining()) {
                    partial.write(rest);
                }
                if (group.isPresent()) {
                    giveTo(partial, group.getAsInt());
                }
                // after the group: the system takes permissions away when that changes
                partial.changeMode(mode);
                partial.force();
                partial.linkTo(trusted.path());
            } finally {
                Files.deleteIfExists(partial.path());
            }
        } catch (FileAlreadyExistsException meanwhile) {
            IOException taken = taken(file);
            taken.addSuppressed(meanwhile);
            throw taken;
        } catch (IOException e) {
            throw new IOException("cannot write " + file + ": " + FileErrors.describe(e), e);
        }
    }

    /** Removes a file that {@link #write} has written. */
    static void remove(Path file) throws IOException {
        try (TrustedPath trusted = TrustedPath.of(file)) {
            Files.delete(trusted.path());
        }
    }

    private static void giveTo(Descriptor file, int group) throws IOException {
        try {
            file.changeGroup(group);
        } catch (IOException e) {
            throw new IOException(
                    "it cannot be given to group " + Integer.toUnsignedString(group) + " (" + FileErrors.describe(e)
                            + "); run this as root or as a member of that group",
                    e);
        }
    }

    private static IOException taken(Path file) {
        return new IOException(file + " is there already; it was left as it is");
    }
}
