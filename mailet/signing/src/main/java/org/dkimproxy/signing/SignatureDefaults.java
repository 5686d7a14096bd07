package org.dkimproxy.signing;

import java.util.Optional;
import org.dkimproxy.sendermap.DkimMethod;
import org.dkimproxy.sendermap.DomainKeysMethod;
import org.dkimproxy.sendermap.MacroTemplate;
import org.dkimproxy.sendermap.SourceFragment;

/**
 * What fills the gaps of a signature specification. Each value keeps its place, so that a problem with it can be shown.
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
        Optional<SourceFragment> selector,
        Optional<DkimMethod> dkimMethod,
        Optional<DomainKeysMethod> domainKeysMethod,
        Optional<SourceFragment> method,
        Optional<MacroTemplate> identity) {

    /** Nothing given. */
    public static final SignatureDefaults NONE = new SignatureDefaults(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
}
