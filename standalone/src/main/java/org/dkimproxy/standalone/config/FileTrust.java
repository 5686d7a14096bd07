package org.dkimproxy.standalone.config;

import java.io.IOException;
import java.util.Optional;
import org.dkimproxy.sendermap.text.SourceText;
import org.dkimproxy.signing.access.TrustedUsers;
import org.dkimproxy.signing.config.OptionValues;
import org.dkimproxy.standalone.daemon.Account;
import org.dkimproxy.standalone.daemon.Accounts;
import org.dkimproxy.standalone.daemon.Privileges;

/** The users who may change the files of a configuration without a warning. */
final class FileTrust {
    private FileTrust() {}

    /** Root, the user of this process, and the user that it will become. */
    static TrustedUsers of(OptionValues values) {
        Optional<Account> user = values.text(DaemonSettings.USER).flatMap(FileTrust::account);
        return user.isPresent()
                ? TrustedUsers.of(Privileges.user(), user.get().uid())
                : TrustedUsers.of(Privileges.user());
    }

    private static Optional<Account> account(SourceText user) {
        try {
            return Accounts.user(user.text());
        } catch (IOException e) {
            // reported where the program becomes that user
            return Optional.empty();
        }
    }
}
