package org.dkimproxy.standalone.config;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.dkimproxy.sendermap.conf.ConfOption;
import org.dkimproxy.sendermap.text.Problem;
import org.dkimproxy.signing.FileProblems;
import org.dkimproxy.signing.access.TrustedUsers;
import org.dkimproxy.standalone.daemon.Account;
import org.dkimproxy.standalone.daemon.Accounts;
import org.dkimproxy.standalone.daemon.Privileges;

/** Who may change the files of a configuration, and warnings for a conf file that others can change. */
final class FileTrust {
    private FileTrust() {}

    /** Root, the user of this process, and the user that the option {@code user} names. */
    static TrustedUsers of(List<ConfOption> options, Standpoint standpoint) {
        TrustedUsers own = TrustedUsers.of(Privileges.user());
        if (standpoint == Standpoint.INSIDE) {
            // a program that has become its user may not find it any more
            return own;
        }
        Optional<Account> user = Configuration.last(options, "user").flatMap(FileTrust::account);
        return user.isPresent() ? TrustedUsers.of(Privileges.user(), user.get().uid()) : own;
    }

    /** The warnings for the conf file, if it is a regular one. */
    static List<Problem> problemsOfConfFile(Configuration configuration, Standpoint standpoint) {
        Optional<ConfOption> confFile = Configuration.last(configuration.options(), Configuration.CONF_FILE);
        if (confFile.isEmpty()) {
            return List.of();
        }
        FileProblems problems = new FileProblems(of(configuration.options(), standpoint));
        List<Problem> found = new ArrayList<>();
        for (Path file :
                RereadableFiles.among(configuration.confEntries().byFile().keySet())) {
            found.addAll(
                    problems.of(Configuration.CONF_FILE, file, confFile.get().value()));
        }
        return found;
    }

    private static Optional<Account> account(ConfOption user) {
        try {
            return Accounts.user(user.value().text());
        } catch (IOException e) {
            // reported where the program becomes that user
            return Optional.empty();
        }
    }
}
