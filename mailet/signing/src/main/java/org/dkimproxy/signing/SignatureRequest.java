package org.dkimproxy.signing;

import java.util.Optional;
import org.dkimproxy.sendermap.SignatureSpecification;
import org.dkimproxy.signing.message.Address;

/**
 * One signature to make for one message.
 *
 * @param rule what asks for it
 * @param specification how it is written there
 * @param template what was made of that
 * @param domain d=, A-labels
 * @param identity i= as it goes in the tag; never for DomainKeys
 * @param originator on whose behalf the message is sent
 */
record SignatureRequest(
        SigningRule rule,
        SignatureSpecification specification,
        SignatureTemplate template,
        String domain,
        Optional<String> identity,
        Address originator) {}
