package org.dkimproxy.standalone.daemon;

import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import org.dkimproxy.standalone.posix.SystemCall;
import org.dkimproxy.standalone.posix.SystemCallException;

/** Has standard input, output and error lead nowhere, so that nobody waits for their end. */
final class StandardStreams {
    /** Standard input. */
    static final int INPUT = 0;
    /** Standard output. */
    static final int OUTPUT = 1;
    /** Standard error. */
    static final int ERROR = 2;

    private static final int READ_AND_WRITE = 2;

    private final int nowhere;

    /** Opens {@code /dev/null}, which may be out of reach later. */
    StandardStreams() throws SystemCallException {
        try (Arena arena = Arena.ofConfined()) {
            nowhere = new SystemCall("open", ValueLayout.ADDRESS, ValueLayout.JAVA_INT)
                    .call(arena.allocateFrom("/dev/null", StandardCharsets.UTF_8), READ_AND_WRITE);
        }
    }

    /** From now on what is written there is gone, and there is nothing to read. */
    void cut(int stream) throws SystemCallException {
        new SystemCall("dup2", ValueLayout.JAVA_INT, ValueLayout.JAVA_INT).call(nowhere, stream);
    }
}
