package org.dkimproxy.signing.access;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The users and groups of passwd(5) and group(5). Those of a directory service are not known. */
final class LocalAccounts {
    private static final Path ETC = Path.of("/etc");
    private static final Pattern COLON = Pattern.compile(":");
    private static final Pattern COMMA = Pattern.compile(",");
    private static final long LARGEST_ID = 0xFFFF_FFFFL;

    private final Map<String, Integer> uids = new HashMap<>();
    private final Map<Integer, Set<Integer>> loginGroups = new HashMap<>();
    private final Map<Integer, Set<String>> furtherMembers = new HashMap<>();

    private LocalAccounts() {}

    static LocalAccounts ofSystem() {
        return read(ETC);
    }

    /** Reads {@code passwd} and {@code group} in a directory; one that cannot be read is taken to be empty. */
    static LocalAccounts read(Path etc) {
        LocalAccounts accounts = new LocalAccounts();
        lines(etc.resolve("passwd")).forEach(accounts::addUser);
        lines(etc.resolve("group")).forEach(accounts::addGroup);
        return accounts;
    }

    OptionalInt uidOf(String name) {
        Integer uid = uids.get(name);
        return uid == null ? OptionalInt.empty() : OptionalInt.of(uid);
    }

    /** Whether the group is in group(5). */
    boolean knowsGroup(int gid) {
        return furtherMembers.containsKey(gid);
    }

    /** Whether somebody else is in the group; a member without an account here is somebody else. */
    boolean hasOtherMembers(int gid, TrustedUsers trusted) {
        return loginGroups.getOrDefault(gid, Set.of()).stream().anyMatch(uid -> !trusted.include(uid))
                || furtherMembers.getOrDefault(gid, Set.of()).stream()
                        .map(this::uidOf)
                        .anyMatch(uid -> uid.isEmpty() || !trusted.include(uid.getAsInt()));
    }

    private void addUser(String[] fields) {
        OptionalInt uid = id(fields[2]);
        OptionalInt gid = id(fields[3]);
        if (uid.isPresent() && gid.isPresent()) {
            uids.putIfAbsent(fields[0], uid.getAsInt());
            loginGroups.computeIfAbsent(gid.getAsInt(), any -> new HashSet<>()).add(uid.getAsInt());
        }
    }

    private void addGroup(String[] fields) {
        OptionalInt gid = id(fields[2]);
        if (gid.isPresent()) {
            Set<String> members = furtherMembers.computeIfAbsent(gid.getAsInt(), any -> new HashSet<>());
            COMMA.splitAsStream(fields[3])
                    .map(String::strip)
                    .filter(name -> !name.isEmpty())
                    .forEach(members::add);
        }
    }

    /** The fields of each line that has as many as are needed. */
    private static Stream<String[]> lines(Path file) {
        try {
            return Files.readAllLines(file, StandardCharsets.ISO_8859_1).stream()
                    .map(line -> COLON.split(line, -1))
                    .filter(fields -> fields.length >= 4);
        } catch (IOException unreadable) {
            return Stream.of();
        }
    }

    private static OptionalInt id(String text) {
        return text.matches("[0-9]{1,10}") && Long.parseLong(text) <= LARGEST_ID
                ? OptionalInt.of((int) Long.parseLong(text))
                : OptionalInt.empty();
    }
}
