package org.dkimproxy.signing.reload;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * What tells one state of a file from another, found through symbolic links: where it lies, its size, and when its
 * content and its attributes last changed.
 *
 * @param attributes by their names; none for a file that is not there or cannot be looked at
 */
public record FileStamp(Map<String, Object> attributes) {
    /** No file. */
    public static final FileStamp ABSENT = new FileStamp(Map.of());

    private static final boolean UNIX =
            Path.of("").getFileSystem().supportedFileAttributeViews().contains("unix");

    /** The time of the last change of attributes is there too: a file is tried again once it was made readable. */
    private static final String ATTRIBUTES =
            UNIX ? "unix:lastModifiedTime,ctime,size,ino,dev" : "lastModifiedTime,size";

    /** Takes a copy. */
    public FileStamp {
        attributes = Map.copyOf(attributes);
    }

    /** The stamp of a file as it is now. */
    public static FileStamp of(Path path) {
        try {
            return new FileStamp(Files.readAttributes(path, ATTRIBUTES));
        } catch (IOException gone) {
            return ABSENT;
        }
    }

    /** Whether there is a file. */
    public boolean exists() {
        return !attributes.isEmpty();
    }
}
