package org.dkimproxy.standalone.config;

import java.util.ArrayList;
import java.util.List;
import org.dkimproxy.sendermap.text.Problem;
import org.dkimproxy.signing.Compatibility;
import org.dkimproxy.signing.DkimSigner;
import org.dkimproxy.signing.SignerSettings;

/**
 * What works as documented and yet otherwise than in dkimproxy 1.4: one line each, and no problem under {@code strict} either.
 * A setting that has not the effect that it asks for is a warning instead.
 */
final class StartupNotices {
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
}
