package org.dkimproxy.standalone.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.dkimproxy.sendermap.text.Parsed;
import org.dkimproxy.sendermap.text.Problem;
import org.dkimproxy.sendermap.text.SourceText;
import org.dkimproxy.signing.config.Option;
import org.dkimproxy.signing.config.OptionValues;
import org.dkimproxy.standalone.daemon.Account;
import org.dkimproxy.standalone.daemon.Accounts;
import org.dkimproxy.standalone.daemon.RunAs;

/**
 * How the process runs. Only {@link #runAs} looks up users, groups and directories, since a program that has dropped its
 * privileges may not find them any more.
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
    /** Whether the program runs in the background. */
    public static final Option<Boolean> DAEMONIZE = Option.flag(
                    "daemonize", "run in the background; return once mail is accepted")
            .alias("setsid", "background")
            .lastWins()
            .onRestart();

    /** The user that the process becomes. */
    public static final Option<Optional<SourceText>> USER = notBlank(
            "user", "USER", "a user", "", "drop privileges to USER, a name or number, once the sockets are bound");

    /** The groups that the process joins. */
    public static final Option<Optional<SourceText>> GROUP = notBlank(
            "group",
            "GROUP",
            "a group, or several with blanks between",
            "USER's groups",
            "join GROUP, and no others but those named after it");

    /** The root directory that the process changes to. */
    public static final Option<Optional<SourceText>> CHROOT =
            notBlank("chroot", "DIR", "a directory", "", "make DIR the root directory; keys are found inside");

    static final Option<Optional<Path>> PIDFILE = Option.path("pidfile", "FILE", "write the process ID to FILE")
            .alias("pid_file")
            .lastWins()
            .onRestart();

    /** Reads them; problems are left in {@code values}. */
    public static DaemonSettings read(OptionValues values) {
        return new DaemonSettings(
                values.get(DAEMONIZE), values.get(USER), values.get(GROUP), values.get(CHROOT), values.get(PIDFILE));
    }

    /** The root directory that options ask for. */
    public static Optional<Path> root(OptionValues values) {
        return values.text(CHROOT).flatMap(name -> Option.pathOf(name.text()));
    }

    /** Looks up the user, groups and root directory; empty if a problem is an error. */
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

    private static Option<Optional<SourceText>> notBlank(
            String name, String argument, String expected, String defaultText, String help) {
        return new Option<>(
                name,
                Set.of(),
                argument,
                Option.Occurrence.LAST_WINS,
                Option.Effect.RESTART,
                defaultText,
                help,
                (given, problems) -> {
                    Optional<SourceText> text = given.stream().findFirst();
                    Optional<SourceText> usable =
                            text.filter(written -> !written.text().isBlank());
                    if (usable.isEmpty()) {
                        text.ifPresent(blank -> problems.add(blank.error(Problem.quoted(blank.text()), expected)));
                    }
                    return usable;
                });
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
        Optional<Path> directory = Option.pathOf(name.text()).filter(Files::isDirectory);
        if (directory.isEmpty()) {
            problems.add(name.error(Problem.quoted(name.text()), "a directory that exists"));
        }
        return directory;
    }
}
