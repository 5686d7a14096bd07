package org.dkimproxy.standalone.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.dkimproxy.sendermap.text.Parsed;
import org.dkimproxy.sendermap.text.Problem;
import org.dkimproxy.sendermap.text.SourceText;
import org.dkimproxy.standalone.daemon.Account;
import org.dkimproxy.standalone.daemon.Accounts;
import org.dkimproxy.standalone.daemon.RunAs;

/**
 * How the process runs. Users, groups and directories are looked up by {@link #runAs} only, since a program that gave up
 * its rights may not find them any more.
 *
 * @param isBackground whether it runs in the background
 * @param user its user, a name or a number
 * @param groups its groups, names or numbers with blanks or commas between, the first that of the process
 * @param chroot its root directory
 * @param pidFile where its number is written; nowhere if empty
 */
public record DaemonSettings(
        boolean isBackground,
        Optional<SourceText> user,
        Optional<SourceText> groups,
        Optional<SourceText> chroot,
        Optional<Path> pidFile) {
    /** Reads them; problems are left in {@code values}. */
    public static DaemonSettings read(OptionValues values) {
        return new DaemonSettings(
                values.flag("daemonize"),
                given(values, "user", "a user"),
                given(values, "group", "a group, or several with blanks between"),
                given(values, "chroot", "a directory"),
                values.path("pidfile"));
    }

    /** Looks up who the program becomes; there unless a problem is an error. */
    public Parsed<Optional<RunAs>> runAs() {
        List<Problem> problems = new ArrayList<>();
        Optional<Account> account = user.flatMap(name -> account(name, problems));
        List<Integer> ids = groups.isPresent()
                ? groupIds(groups.get(), problems)
                : account.map(Accounts::groupsOf).orElse(List.of());
        if (account.isPresent() && ids.isEmpty() && groups.isEmpty()) {
            problems.add(user.get()
                    .error(
                            "number " + user.get().text() + " without an account, and no group",
                            "the option group too"));
        }
        Optional<Path> root = chroot.flatMap(name -> directory(name, problems));
        return new Parsed<>(
                problems.isEmpty() ? Optional.of(new RunAs(account, ids, root)) : Optional.empty(), problems);
    }

    /** The options in which {@code next} differs, all of which are looked at in a start only. */
    List<String> needingRestart(DaemonSettings next) {
        List<String> names = new ArrayList<>();
        if (isBackground != next.isBackground) {
            names.add("daemonize");
        }
        if (!text(user).equals(text(next.user))) {
            names.add("user");
        }
        if (!text(groups).equals(text(next.groups))) {
            names.add("group");
        }
        if (!text(chroot).equals(text(next.chroot))) {
            names.add("chroot");
        }
        if (!pidFile.equals(next.pidFile)) {
            names.add("pidfile");
        }
        return names;
    }

    private static Optional<SourceText> given(OptionValues values, String name, String expected) {
        return values.read(name, expected, text -> text.isBlank() ? Optional.<String>empty() : Optional.of(text))
                .flatMap(_ -> values.text(name));
    }

    private static Optional<Account> account(SourceText name, List<Problem> problems) {
        try {
            Optional<Account> found = Accounts.user(name.text());
            if (found.isEmpty()) {
                problems.add(name.error("user " + Problem.quoted(name.text()), "a user of this system"));
            }
            return found;
        } catch (IOException e) {
            problems.add(notLookedUp("user", name, e));
            return Optional.empty();
        }
    }

    private static List<Integer> groupIds(SourceText names, List<Problem> problems) {
        List<Integer> ids = new ArrayList<>();
        int at = 0;
        for (String piece : names.text().split("[,\\s]", -1)) {
            if (!piece.isEmpty()) {
                groupId(names.part(at, at + piece.length()), problems).ifPresent(ids::add);
            }
            at += piece.length() + 1;
        }
        return ids;
    }

    private static OptionalInt groupId(SourceText name, List<Problem> problems) {
        try {
            OptionalInt found = Accounts.group(name.text());
            if (found.isEmpty()) {
                problems.add(name.error("group " + Problem.quoted(name.text()), "a group of this system"));
            }
            return found;
        } catch (IOException e) {
            problems.add(notLookedUp("group", name, e));
            return OptionalInt.empty();
        }
    }

    private static Problem notLookedUp(String kind, SourceText name, IOException reason) {
        return name.error(
                kind + " " + Problem.quoted(name.text()) + " that cannot be looked up (" + reason.getMessage() + ")",
                "a " + kind + " of this system");
    }

    private static Optional<Path> directory(SourceText name, List<Problem> problems) {
        Optional<Path> directory = OptionValues.pathOf(name.text()).filter(Files::isDirectory);
        if (directory.isEmpty()) {
            problems.add(name.error(Problem.quoted(name.text()), "a directory that exists"));
        }
        return directory;
    }

    private static Optional<String> text(Optional<SourceText> fragment) {
        return fragment.map(SourceText::text);
    }
}
