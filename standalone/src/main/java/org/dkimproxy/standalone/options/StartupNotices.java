package org.dkimproxy.standalone.options;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.dkimproxy.sendermap.Problem;
import org.dkimproxy.signing.Compatibility;
import org.dkimproxy.signing.DkimSigner;
import org.dkimproxy.signing.SignerSettings;
import org.dkimproxy.standalone.log.LogLevel;
import org.dkimproxy.standalone.log.LogSettings;

/**
 * What is right in a configuration and yet works otherwise than an administrator may think, above all one who comes from
 * dkimproxy 1.4: one line each.
 */
final class StartupNotices {
    private static final Pattern SEPARATOR = Pattern.compile("[,|\\s]+");

    /** Ways to the system log that are the one which is taken. */
    private static final Set<String> BY_LIBRARY = Set.of("", "native", "unix");

    private StartupNotices() {}

    /** The notices on a configuration without errors. */
    static List<String> of(Configuration configuration, SignerSettings signing, DkimSigner signer) {
        OptionValues values = new OptionValues(configuration.options());
        List<String> notices = new ArrayList<>(configuration.notes());
        addSigning(notices, signing, signer);
        if (values.flag("reject_error")) {
            notices.add("reject_error is on: a message that cannot be signed is refused"
                    + " (dkimproxy 1.4 heeded it on the command line alone)");
        }
        addLog(notices, values);
        return notices;
    }

    private static void addSigning(List<String> notices, SignerSettings signing, DkimSigner signer) {
        long unnamed = signer.countWithDefaultAlgorithm();
        if (unnamed > 0 && signing.compatibility() == Compatibility.NONE) {
            notices.add("signatures that name no algorithm: " + unnamed
                    + "; they are made with rsa-sha256 (dkimproxy 1.4 used rsa-sha1, which RFC 8301 forbids)");
        }
        signing.defaults()
                .identity()
                .value()
                .ifPresent(identity -> notices.add(
                        "identity " + Problem.quoted(identity.source().text())
                                + ": stands as i= in signatures that name none (dkimproxy 1.4 ignored it)"));
        long withFields = signing.specifications()
                .filter(specification -> !specification.headers().isEmpty())
                .count();
        if (withFields > 0 && signing.compatibility() == Compatibility.NONE) {
            notices.add("signatures with a list of fields, h=: " + withFields
                    + "; these fields are signed (dkimproxy 1.4 ignored the list)");
        }
    }

    private static void addLog(List<String> notices, OptionValues values) {
        LogSettings log = LogOptions.read(values);
        if (log.tracesConversations() && log.threshold() != LogLevel.DEBUG) {
            notices.add("debugtrace: shows nothing, since its lines are of level debug and log_level is "
                    + log.threshold().word());
        }
        values.text("syslog_logsock").ifPresent(ways -> {
            if (!SEPARATOR.splitAsStream(ways.text()).allMatch(BY_LIBRARY::contains)) {
                notices.add("syslog_logsock " + Problem.quoted(ways.text())
                        + ": without effect, since the system log is reached by syslog(3) of the C library");
            }
        });
    }
}
