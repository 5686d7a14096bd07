package org.dkimproxy.signing;

import java.util.Optional;
import java.util.stream.Stream;
import org.dkimproxy.sendermap.Checked;
import org.dkimproxy.sendermap.DkimMethod;
import org.dkimproxy.sendermap.DomainKeysMethod;
import org.dkimproxy.sendermap.MacroTemplate;
import org.dkimproxy.sendermap.Problem;
import org.dkimproxy.sendermap.SourceFragment;

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
        Optional<SourceFragment> keyFile,
        Optional<SourceFragment> passphraseFile,
        Checked<Optional<SourceFragment>> selector,
        Checked<Optional<DkimMethod>> dkimMethod,
        Checked<Optional<DomainKeysMethod>> domainKeysMethod,
        Checked<Optional<SourceFragment>> method,
        Checked<Optional<MacroTemplate>> identity) {

    /** Nothing given. */
    public static final SignatureDefaults NONE = new SignatureDefaults(
            Optional.empty(),
            Optional.empty(),
            Checked.of(Optional.empty()),
            Checked.of(Optional.empty()),
            Checked.of(Optional.empty()),
            Checked.of(Optional.empty()),
            Checked.of(Optional.empty()));

    /** What is wrong with values that nothing may use. */
    Stream<Problem> problems() {
        return Stream.of(selector, dkimMethod, domainKeysMethod, method, identity)
                .flatMap(value -> value.problems().stream());
    }
}
