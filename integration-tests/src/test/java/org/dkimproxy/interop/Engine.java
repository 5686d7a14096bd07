package org.dkimproxy.interop;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.dkimproxy.sendermap.conf.ConfOption;
import org.dkimproxy.sendermap.text.Parsed;
import org.dkimproxy.sendermap.text.SourceText;
import org.dkimproxy.signing.DkimSigner;
import org.dkimproxy.signing.FileSource;
import org.dkimproxy.signing.SignatureField;
import org.dkimproxy.signing.SignerSettings;
import org.dkimproxy.signing.SigningOutcome;
import org.dkimproxy.signing.config.SigningOptions;
import org.junit.jupiter.api.Assertions;

/** Our engine, configured with options as a conf file holds them. */
final class Engine {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final List<ConfOption> options;

    private Engine(List<ConfOption> options) {
        this.options = options;
    }

    static Engine configured() {
        return new Engine(List.of());
    }

    /** One more option. */
    Engine with(String name, String value) {
        List<ConfOption> more = new ArrayList<>(options);
        more.add(new ConfOption(name, SourceText.of("test", name), SourceText.of("test", value)));
        return new Engine(more);
    }

    /** One {@code signature} for each kind, each with its key. */
    Engine signing(TestKeys keys, List<SignatureKind> kinds) {
        Engine engine = this;
        for (SignatureKind kind : kinds) {
            engine = engine.with("signature", kind.specification(keyOf(keys, kind)));
        }
        return engine;
    }

    static String keyOf(TestKeys keys, SignatureKind kind) {
        return ",key=" + (kind.algorithm().startsWith("ed25519") ? keys.ed25519File() : keys.rsaFile());
    }

    /** The signer; fails if a problem is an error. */
    DkimSigner start() {
        return start(InstantSource.system());
    }

    /** The same, with this clock. */
    DkimSigner start(InstantSource clock) {
        Parsed<SignerSettings> settings = SigningOptions.read(options, FileSource.PLAIN);
        if (settings.hasErrors()) {
            throw new AssertionError("the options are refused: " + settings.problems());
        }
        Parsed<Optional<DkimSigner>> signer = DkimSigner.create(settings.value().withClock(clock));
        return signer.value().orElseThrow(() -> new AssertionError("the signer does not start: " + signer.problems()));
    }

    /** Signs one message; fails if that takes longer than any message may. */
    static SigningOutcome sign(DkimSigner signer, Mail mail) {
        byte[] message = mail.completed();
        return Assertions.assertTimeoutPreemptively(LIMIT, () -> signer.sign(message), mail.name());
    }

    /** The texts of the fields that a message gets; fails if it gets none. */
    static List<String> fields(DkimSigner signer, Mail mail) {
        SigningOutcome outcome = sign(signer, mail);
        if (outcome instanceof SigningOutcome.Signed signed) {
            return signed.fields().stream().map(SignatureField::text).toList();
        }
        throw new AssertionError(mail.name() + " is not signed: " + outcome);
    }
}
