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
 *
 * <p>A tool that is about to abort sends QUIT once more and removes its file at once. So a QUIT is its own, too, if the
 * file was there at one of the last looks. Used by one thread.
 */
final class AttachRequest {
    /** The directories where tools create it: the working directory of this process, as it may be now, or /tmp. */
    private static final List<String> DIRECTORIES = List.of("", "/", "/tmp");

    /** No tool waits that long; an older file was left behind. */
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);

    private static final int ROOT = 0;

    /** Looks for which a file is remembered that is gone: two seconds, as {@link Signals} looks. */
    private static final int LOOKS_AFTER = 10;

    private int looksLeft;

    /** Whether a QUIT that has come since the last look was sent by a tool of Java. */
    boolean explainsQuit() {
        if (isPending()) {
            looksLeft = LOOKS_AFTER;
        }
        return looksLeft > 0;
    }

    /** Looks whether a tool that has sent QUIT still waits; called again and again, after signals were looked for. */
    void look() {
        if (looksLeft > 0) {
            looksLeft = isPending() ? LOOKS_AFTER : looksLeft - 1;
        }
    }

    private static boolean isPending() {
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
