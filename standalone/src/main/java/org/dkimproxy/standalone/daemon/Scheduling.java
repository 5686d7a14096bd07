package org.dkimproxy.standalone.daemon;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.dkimproxy.standalone.log.DkimproxyLog;

/** How Linux shares its processors out to the threads of this process (sched(7)). */
public final class Scheduling {
    private static final Path THREADS = Path.of("/proc/self/task");

    /** {@code SCHED_OTHER} of Linux; the same number means something else on other systems. */
    private static final int USUAL = 0;

    /** {@code SCHED_BATCH} of Linux. */
    private static final int BATCH = 3;

    private Scheduling() {}

    /**
     * From now on no thread of this process takes a processor from another program when it wakes, but waits for its turn;
     * its share of the processors stays what it was. So the mail servers beside it can finish what they are at. Threads
     * that are started later are treated like those that start them.
     *
     * <p>A policy that was given to this process from outside stays. So does the usual one where the system does not let
     * it be changed, and on other systems than Linux.
     */
    public static void giveWay(DkimproxyLog log) {
        if (!"Linux".equals(System.getProperty("os.name"))) {
            return;
        }
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(THREADS)) {
            SystemCall ask = new SystemCall("sched_getscheduler", ValueLayout.JAVA_INT);
            SystemCall change = new SystemCall(
                    "sched_setscheduler", ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS);
            for (Path thread : threads) {
                int number = Integer.parseInt(thread.getFileName().toString());
                if (isUsual(number, ask)) {
                    makeBatch(number, change);
                }
            }
        } catch (IOException | DirectoryIteratorException | SystemCallException e) {
            log.debug("threads wake as those of other programs: " + e.getMessage());
        }
    }

    private static boolean isUsual(int thread, SystemCall ask) {
        try {
            return ask.call(thread) == USUAL;
        } catch (SystemCallException _) {
            // it has just ended
            return false;
        }
    }

    private static void makeBatch(int thread, SystemCall change) throws SystemCallException {
        try (Arena arena = Arena.ofConfined()) {
            // the priority, which has to be 0 under this policy
            MemorySegment parameters = arena.allocateFrom(ValueLayout.JAVA_INT, 0);
            change.call(thread, BATCH, parameters);
        }
    }
}
