package org.dkimproxy.signing.access;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The users that may change the files of a configuration: root, and those that the program runs as.
 *
 * @param uids their numbers; empty if the system does not name the user of the process, so that every owner is trusted
 */
public record TrustedUsers(Set<Integer> uids) {
    private static final int ROOT = 0;
    private static final Path PROCESS = Path.of("/proc/self");

    /** Takes a copy. */
    public TrustedUsers {
        uids = Set.copyOf(uids);
    }

    /** Root and these. */
    public static TrustedUsers of(int... uids) {
        Set<Integer> all = Arrays.stream(uids).boxed().collect(Collectors.toSet());
        all.add(ROOT);
        return new TrustedUsers(all);
    }

    /** Root and the user of this process. */
    public static TrustedUsers ofThisProcess() {
        OptionalInt uid = ownUid();
        return uid.isPresent() ? of(uid.getAsInt()) : new TrustedUsers(Set.of());
    }

    boolean include(int uid) {
        return uids.isEmpty() || uids.contains(uid);
    }

    /** The directory of a process in {@code /proc} belongs to the effective user, which may have changed since the start. */
    private static OptionalInt ownUid() {
        try {
            return OptionalInt.of((Integer) Files.getAttribute(PROCESS, "unix:uid"));
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException noProc) {
            return LocalAccounts.ofSystem().uidOf(Objects.toString(System.getProperty("user.name"), ""));
        }
    }
}
