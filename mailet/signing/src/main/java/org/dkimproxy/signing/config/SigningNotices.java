package org.dkimproxy.signing.config;

import java.util.ArrayList;
import java.util.List;
import org.dkimproxy.sendermap.text.Problem;
import org.dkimproxy.signing.Compatibility;
import org.dkimproxy.signing.DkimSigner;
import org.dkimproxy.signing.SignerSettings;

/**
 * Notices about signatures that are made as documented and yet otherwise than by dkimproxy 1.4, one line each. They are no
 * problems, under {@code strict} neither.
 */
final class SigningNotices {
    private SigningNotices() {}

    /** The notices on a configuration without errors. */
    static List<String> of(SignerSettings settings, DkimSigner signer) {
        List<String> notices = new ArrayList<>();
        long unnamed = signer.countWithDefaultAlgorithm();
        if (unnamed > 0 && settings.compatibility() == Compatibility.NONE) {
            notices.add("signatures that name no algorithm: " + unnamed
                    + "; they are made with rsa-sha256 (dkimproxy 1.4 used rsa-sha1, which RFC 8301 forbids)");
        }
        settings.defaults()
                .identity()
                .value()
                .ifPresent(identity -> notices.add(
                        "identity " + Problem.quoted(identity.source().text())
                                + ": stands as i= in signatures that name none (dkimproxy 1.4 ignored it)"));
        long withFields = settings.specifications()
                .filter(specification -> !specification.headers().isEmpty())
                .count();
        if (withFields > 0 && settings.compatibility() == Compatibility.NONE) {
            notices.add("signatures with a list of fields, h=: " + withFields
                    + "; these fields are signed (dkimproxy 1.4 ignored the list)");
        }
        return notices;
    }
}
