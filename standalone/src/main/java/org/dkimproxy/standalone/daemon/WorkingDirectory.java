package org.dkimproxy.standalone.daemon;

import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import org.dkimproxy.standalone.posix.SystemCall;
import org.dkimproxy.standalone.posix.SystemCallException;

/** The working directory of this process. Java goes on to find relative paths from the one that it was started in. */
final class WorkingDirectory {
    private WorkingDirectory() {}

    /** From now on it is the root directory. */
    static void changeToRoot() throws SystemCallException {
        try (Arena arena = Arena.ofConfined()) {
            new SystemCall("chdir", ValueLayout.ADDRESS).call(arena.allocateFrom("/", StandardCharsets.UTF_8));
        }
    }
}
