package org.dkimproxy.signing;

import java.util.Optional;
import org.dkimproxy.sendermap.dkim.SignatureSpecification;
import org.dkimproxy.signing.message.Address;

/**
 * One signature to make for one message.
 *
 * @param rule what asks for it
 * @param specification how it is written there
 * @param template what was made of that
 * @param domain d=, A-labels
 * @param identity i= as it goes in the tag; never for DomainKeys
 * @param signer on whose behalf it is made, as logged
 */
record SignatureRequest(
        SigningRule rule,
        SignatureSpecification specification,
        SignatureTemplate template,
        String domain,
        Optional<String> identity,
        String signer) {

    static SignatureRequest dkim(
            SigningRule rule,
            SignatureSpecification specification,
            SignatureTemplate.Dkim template,
            String domain,
            Optional<String> identity) {
        return new SignatureRequest(rule, specification, template, domain, identity, identity.orElse("@" + domain));
    }

    static SignatureRequest domainKeys(
            SigningRule rule,
            SignatureSpecification specification,
            SignatureTemplate.DomainKeys template,
            String domain,
            Address sender) {
        return new SignatureRequest(rule, specification, template, domain, Optional.empty(), sender.toString());
    }
}
