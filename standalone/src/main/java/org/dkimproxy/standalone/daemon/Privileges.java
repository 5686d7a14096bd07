package org.dkimproxy.standalone.daemon;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.dkimproxy.standalone.posix.SystemCall;
import org.dkimproxy.standalone.posix.SystemCallException;

/**
 * The privileges of this process. The C library changes the user and the groups of every thread at once; root and working
 * directory belong to the process anyway.
 */
public final class Privileges {
    private static final int ROOT = 0;

    private Privileges() {}

    /** The number of the user that this process runs as, unsigned. */
    public static int user() {
        return SystemCall.number("geteuid");
    }

    /** Whether this process may do everything. */
    public static boolean isRoot() {
        return SystemCall.isRoot();
    }

    /**
     * Checks that this process may become what is asked for.
     *
     * @throws StartException if it is not root and would have to change
     */
    public static void check(RunAs target) throws StartException {
        // the second question takes a while
        if (target.isUnchanged() || isRoot()) {
            return;
        }
        int uid = user();
        if (target.root().isPresent()) {
            throw new StartException("chroot " + target.root().get() + ": only root can change the root directory,"
                    + " and this program was started by uid " + Integer.toUnsignedString(uid)
                    + "; start it as root, or take chroot out");
        }
        if (target.user().isPresent() && target.user().get().uid() != uid) {
            throw new StartException(target.user().get() + ": only root can become another user, and this program was"
                    + " started by uid " + Integer.toUnsignedString(uid) + "; start it as root, or take user out");
        }
        List<Integer> own = groups();
        if (!own.containsAll(target.groups())) {
            throw new StartException("group: only root can join another group, and this program was started with gid "
                    + text(own) + ", not " + text(target.groups()) + "; start it as root, or take group out");
        }
    }

    /**
     * Becomes what is asked for: first the root directory, then the groups, the user last. What this process has open
     * stays open. A process that is not root stays as it is, after {@link #check}.
     *
     * @throws StartException if the system refuses a step, after which the process must end, or if root could be had back
     */
    public static void giveUp(RunAs target) throws StartException {
        if (!isRoot()) {
            check(target);
            return;
        }
        try {
            if (target.root().isPresent()) {
                changeRoot(target.root().get());
            }
            if (!target.groups().isEmpty()) {
                setGroups(target.groups());
            }
            if (target.user().isPresent()) {
                new SystemCall("setuid", ValueLayout.JAVA_INT)
                        .call(target.user().get().uid());
            }
        } catch (SystemCallException e) {
            throw new StartException("cannot drop privileges: " + e.getMessage());
        }
        if (target.user().isPresent() && target.user().get().uid() != ROOT && canBecomeRoot()) {
            throw new StartException("cannot drop privileges: this process could regain them");
        }
    }

    private static void changeRoot(Path directory) throws SystemCallException {
        try (Arena arena = Arena.ofConfined()) {
            new SystemCall("chroot", ValueLayout.ADDRESS)
                    .call(arena.allocateFrom(directory.toString(), StandardCharsets.UTF_8));
        }
        WorkingDirectory.changeToRoot();
    }

    private static void setGroups(List<Integer> groups) throws SystemCallException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment all = arena.allocateFrom(
                    ValueLayout.JAVA_INT,
                    groups.stream().mapToInt(Integer::intValue).toArray());
            new SystemCall("setgroups", ValueLayout.JAVA_LONG, ValueLayout.ADDRESS).call((long) groups.size(), all);
        }
        new SystemCall("setgid", ValueLayout.JAVA_INT).call(groups.getFirst());
    }

    private static boolean canBecomeRoot() {
        try {
            new SystemCall("setuid", ValueLayout.JAVA_INT).call(ROOT);
            return true;
        } catch (SystemCallException refused) {
            return false;
        }
    }

    /** The group of this process and its further groups. */
    private static List<Integer> groups() {
        SystemCall getgroups = new SystemCall("getgroups", ValueLayout.JAVA_INT, ValueLayout.ADDRESS);
        try (Arena arena = Arena.ofConfined()) {
            int count = getgroups.call(0, MemorySegment.NULL);
            MemorySegment further = arena.allocate(ValueLayout.JAVA_INT, Math.max(count, 1));
            getgroups.call(count, further);
            return IntStream.concat(
                            IntStream.of(SystemCall.number("getegid")),
                            IntStream.range(0, count).map(i -> further.getAtIndex(ValueLayout.JAVA_INT, i)))
                    .distinct()
                    .boxed()
                    .toList();
        } catch (SystemCallException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String text(List<Integer> groups) {
        return String.join(", ", groups.stream().map(Integer::toUnsignedString).toList());
    }
}
