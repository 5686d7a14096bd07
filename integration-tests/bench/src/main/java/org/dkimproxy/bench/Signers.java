package org.dkimproxy.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.dkimproxy.sendermap.conf.ConfOption;
import org.dkimproxy.sendermap.text.Parsed;
import org.dkimproxy.sendermap.text.SourceText;
import org.dkimproxy.signing.DkimSigner;
import org.dkimproxy.signing.FileSource;
import org.dkimproxy.signing.SignerSettings;
import org.dkimproxy.signing.config.SigningOptions;

/** The engine, configured as a conf file would. */
final class Signers {
    private Signers() {}

    /** Signs every message for one domain with these specifications. */
    static DkimSigner of(String... specifications) {
        List<ConfOption> options = new ArrayList<>();
        options.add(option("domain", "example.org"));
        for (String specification : specifications) {
            options.add(option("signature", specification));
        }
        return start(options);
    }

    /** Signs by a sender map. */
    static DkimSigner ofMap(Path senderMap) {
        return start(List.of(option("sender_map", senderMap.toString())));
    }

    static String rsa(Path key) {
        return "dkim(c=relaxed/relaxed,s=rsa,key=" + key + ")";
    }

    static String ed25519(Path key) {
        return "dkim(a=ed25519-sha256,c=relaxed/relaxed,s=ed,key=" + key + ")";
    }

    private static DkimSigner start(List<ConfOption> options) {
        Parsed<SignerSettings> settings = SigningOptions.read(options, FileSource.PLAIN);
        Parsed<Optional<DkimSigner>> signer = DkimSigner.create(settings.value());
        return signer.value()
                .orElseThrow(() -> new IllegalStateException(settings.problems() + " " + signer.problems()));
    }

    private static ConfOption option(String name, String value) {
        return new ConfOption(name, SourceText.of("bench", name), SourceText.of("bench", value));
    }
}
