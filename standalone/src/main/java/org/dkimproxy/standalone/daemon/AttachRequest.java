package org.dkimproxy.standalone.daemon;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.dkimproxy.standalone.posix.SystemCall;

/**
 * The file by which jcmd and jstack announce that they want to reach this virtual machine, before they send it QUIT. It is
 * looked at only: nothing is created, changed or removed where it lies, which is a directory that everybody can write to.
 */
final class AttachRequest {
    /** The directories where tools create it: the working directory of this process, as it may be now, or /tmp. */
    private static final List<String> DIRECTORIES = List.of("", "/", "/tmp");

    /** No tool waits that long; an older file was left behind. */
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);

    private static final int ROOT = 0;

    private AttachRequest() {}

    /** Whether a tool of Java waits for an answer now. */
    static boolean isPending() {
        String name = ".attach_pid" + ProcessHandle.current().pid();
        return DIRECTORIES.stream().map(Path::of).anyMatch(directory -> isRequest(directory.resolve(name)));
    }

    /** As for the virtual machine, only a file of root or of the user of this process counts. */
    private static boolean isRequest(Path file) {
        try {
            Map<String, Object> found =
                    Files.readAttributes(file, "unix:uid,lastModifiedTime", LinkOption.NOFOLLOW_LINKS);
            return found.get("uid") instanceof Integer owner
                    && (owner == ROOT || owner == SystemCall.number("geteuid"))
                    && found.get("lastModifiedTime") instanceof FileTime time
                    && time.toInstant().isAfter(Instant.now().minus(LONGEST_WAIT));
        } catch (IOException | UnsupportedOperationException none) {
            return false;
        }
    }
}
