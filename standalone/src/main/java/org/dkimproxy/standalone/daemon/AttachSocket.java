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

/** The socket by which jcmd and jstack reach this virtual machine, and which the machine removes at its end. */
final class AttachSocket {
    /** Where a tool says that it waits for a socket: the working directory of this process, as it may be now, or here. */
    private static final List<String> PLACES_OF_REQUESTS = List.of("", "/", "/tmp");

    /** No tool waits that long; what is older was left behind. */
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);

    private static final int ROOT = 0;

    private AttachSocket() {}

    /** Gives it to a user, who otherwise could neither use nor remove it. */
    static void giveTo(Account account) {
        Path socket = Path.of("/tmp", ".java_pid" + ProcessHandle.current().pid());
        try {
            if (Files.exists(socket, LinkOption.NOFOLLOW_LINKS)) {
                Files.setAttribute(socket, "unix:uid", account.uid(), LinkOption.NOFOLLOW_LINKS);
            }
        } catch (IOException | UnsupportedOperationException e) {
            // it stays root's, whose tools reach the machine as before; what is left of it at the end does no harm
        }
    }

    /** Whether a tool of Java that found no socket has just asked for one, which it does by a file and by sending QUIT. */
    static boolean isAskedFor() {
        String name = ".attach_pid" + ProcessHandle.current().pid();
        return PLACES_OF_REQUESTS.stream().map(Path::of).anyMatch(place -> isRequest(place.resolve(name)));
    }

    /** As the virtual machine does, only a file of root or of the user of this process counts. */
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
