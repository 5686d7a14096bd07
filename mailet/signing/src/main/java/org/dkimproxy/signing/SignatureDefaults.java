package org.dkimproxy.signing;

import java.util.Optional;
import java.util.stream.Stream;
import org.dkimproxy.sendermap.dkim.DkimMethod;
import org.dkimproxy.sendermap.dkim.DomainKeysMethod;
import org.dkimproxy.sendermap.dkim.MacroTemplate;
import org.dkimproxy.sendermap.text.Parsed;
import org.dkimproxy.sendermap.text.Problem;
import org.dkimproxy.sendermap.text.SourceText;

/**
 * What fills the gaps of a signature specification. Each value keeps its place, so that a problem with it can be shown. A value
 * with problems of its own is an error only where a signature uses it.
 *
 * @param keyFile the private key
 * @param passphraseFile a file whose first line opens encrypted keys
 * @param selector s=
 * @param dkimMethod c= of DKIM signatures
 * @param domainKeysMethod c= of DomainKeys signatures
 * @param method c= of signatures of either kind that no other value covers
 * @param identity i= of DKIM signatures
 */
public record SignatureDefaults(
        Optional<SourceText> keyFile,
        Optional<SourceText> passphraseFile,
        Parsed<Optional<SourceText>> selector,
        Parsed<Optional<DkimMethod>> dkimMethod,
        Parsed<Optional<DomainKeysMethod>> domainKeysMethod,
        Parsed<Optional<SourceText>> method,
        Parsed<Optional<MacroTemplate>> identity) {

    /** Nothing given. */
    public static final SignatureDefaults NONE = new SignatureDefaults(
            Optional.empty(),
            Optional.empty(),
            Parsed.of(Optional.empty()),
            Parsed.of(Optional.empty()),
            Parsed.of(Optional.empty()),
            Parsed.of(Optional.empty()),
            Parsed.of(Optional.empty()));

    /** Problems with values that nothing uses. */
    Stream<Problem> problems() {
        return Stream.of(selector, dkimMethod, domainKeysMethod, method, identity)
                .flatMap(value -> value.problems().stream());
    }
}
