package org.dkimproxy.signing.reload;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/**
 * The state of a file, found through symbolic links: where it lies, its size, and when its
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

    /**
     * Whether its content or its attributes changed less than this before {@code now}. A time in the future, as another
     * machine's clock or touch(1) makes it, does not count: nobody knows when it will have passed.
     */
    public boolean changedWithin(Duration time, Instant now) {
        for (Object attribute : attributes.values()) {
            if (attribute instanceof FileTime changed) {
                Duration age = Duration.between(changed.toInstant(), now);
                if (!age.isNegative() && age.compareTo(time) <= 0) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Whether there is a file. */
    public boolean exists() {
        return !attributes.isEmpty();
    }
}
