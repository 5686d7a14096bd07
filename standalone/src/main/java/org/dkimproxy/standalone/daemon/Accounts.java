package org.dkimproxy.standalone.daemon;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.dkimproxy.standalone.posix.SystemCall;
import org.dkimproxy.standalone.posix.SystemCallException;

/**
 * Users and groups, as the C library knows them: those of directories and of other sources too, not of
 * {@code /etc/passwd} only. Every name may be a number.
 */
public final class Accounts {
    /** Where {@code struct passwd} has the number of the user and of the group, on every 64-bit Unix. */
    private static final long UID_OFFSET = 16;

    private static final long PASSWD_GID_OFFSET = 20;

    /** Where {@code struct group} has the number of the group. */
    private static final long GROUP_GID_OFFSET = 16;

    /** No {@code struct passwd} or {@code struct group} is longer. */
    private static final long STRUCT_OCTETS = 256;

    private static final long LEAST_BUFFER = 16 * 1024;
    private static final long LARGEST_BUFFER = 16 * 1024 * 1024;
    private static final int MOST_GROUPS = 65_536;
    private static final long LARGEST_ID = 0xFFFF_FFFEL;

    /** {@code ENOENT}, {@code ESRCH}, {@code EBADF} and {@code EPERM}: so libraries say that there is none. */
    private static final Set<Integer> NOT_FOUND = Set.of(2, 3, 9, 1);

    private static final int ERANGE = 34;

    private Accounts() {}

    /**
     * A user by name or number.
     *
     * @return empty if there is no such name; every number is a user, with or without an account
     * @throws IOException if it cannot be looked up
     */
    public static Optional<Account> user(String nameOrNumber) throws IOException {
        OptionalInt number = id(nameOrNumber);
        Optional<Account> found;
        try (Arena arena = Arena.ofConfined()) {
            found = (number.isPresent()
                            ? lookUp(arena, "getpwuid_r", number.getAsInt())
                            : lookUp(arena, "getpwnam_r", arena.allocateFrom(nameOrNumber, StandardCharsets.UTF_8)))
                    .map(Accounts::account);
        }
        return found.isEmpty() && number.isPresent()
                ? Optional.of(new Account(nameOrNumber, number.getAsInt(), OptionalInt.empty()))
                : found;
    }

    /**
     * The number of a group, by its name or as it stands.
     *
     * @return empty if there is no such name
     * @throws IOException if it cannot be looked up
     */
    public static OptionalInt group(String nameOrNumber) throws IOException {
        OptionalInt number = id(nameOrNumber);
        if (number.isPresent()) {
            return number;
        }
        try (Arena arena = Arena.ofConfined()) {
            return lookUp(arena, "getgrnam_r", arena.allocateFrom(nameOrNumber, StandardCharsets.UTF_8))
                    .map(entry -> OptionalInt.of(entry.get(ValueLayout.JAVA_INT, GROUP_GID_OFFSET)))
                    .orElse(OptionalInt.empty());
        }
    }

    /**
     * All groups that a login of the user would have, its login group first.
     *
     * @return empty for a number without an account
     */
    public static List<Integer> groupsOf(Account account) {
        if (account.gid().isEmpty()) {
            return List.of();
        }
        int login = account.gid().getAsInt();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment groups = arena.allocate(ValueLayout.JAVA_INT, MOST_GROUPS);
            MemorySegment count = arena.allocateFrom(ValueLayout.JAVA_INT, MOST_GROUPS);
            new SystemCall(
                            "getgrouplist",
                            ValueLayout.ADDRESS,
                            ValueLayout.JAVA_INT,
                            ValueLayout.ADDRESS,
                            ValueLayout.ADDRESS)
                    .call(arena.allocateFrom(account.name(), StandardCharsets.UTF_8), login, groups, count);
            int[] found = groups.asSlice(0, count.get(ValueLayout.JAVA_INT, 0) * (long) Integer.BYTES)
                    .toArray(ValueLayout.JAVA_INT);
            return Arrays.stream(found).distinct().boxed().toList();
        } catch (SystemCallException moreThanFit) {
            return List.of(login);
        }
    }

    private static Account account(MemorySegment entry) {
        return new Account(
                loginName(entry),
                entry.get(ValueLayout.JAVA_INT, UID_OFFSET),
                OptionalInt.of(entry.get(ValueLayout.JAVA_INT, PASSWD_GID_OFFSET)));
    }

    @SuppressWarnings("restricted") // the first member points to a text that ends in a zero octet
    private static String loginName(MemorySegment entry) {
        return entry.get(ValueLayout.ADDRESS, 0).reinterpret(LEAST_BUFFER).getString(0, StandardCharsets.UTF_8);
    }

    /** Calls one of the functions that fill a struct and a buffer; returns the struct, which lives as long as the arena. */
    private static Optional<MemorySegment> lookUp(Arena arena, String function, Object key) throws IOException {
        SystemCall call = new SystemCall(
                function,
                key instanceof Integer ? ValueLayout.JAVA_INT : ValueLayout.ADDRESS,
                ValueLayout.ADDRESS,
                ValueLayout.ADDRESS,
                ValueLayout.JAVA_LONG,
                ValueLayout.ADDRESS);
        MemorySegment entry = arena.allocate(STRUCT_OCTETS, Long.BYTES);
        MemorySegment found = arena.allocate(ValueLayout.ADDRESS);
        int error = ERANGE;
        for (long size = LEAST_BUFFER; error == ERANGE && size <= LARGEST_BUFFER; size *= 8) {
            try {
                error = call.call(key, entry, arena.allocate(size), size, found);
            } catch (SystemCallException e) {
                throw new IOException(e.getMessage(), e);
            }
        }
        if (error != 0 && !NOT_FOUND.contains(error)) {
            throw new IOException(SystemCall.describe(error));
        }
        boolean isThere = error == 0 && !found.get(ValueLayout.ADDRESS, 0).equals(MemorySegment.NULL);
        return isThere ? Optional.of(entry) : Optional.empty();
    }

    private static OptionalInt id(String text) {
        return text.matches("[0-9]{1,10}") && Long.parseLong(text) <= LARGEST_ID
                ? OptionalInt.of((int) Long.parseLong(text))
                : OptionalInt.empty();
    }
}
