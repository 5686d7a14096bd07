package org.dkimproxy.signing;

import java.util.Optional;
import org.dkimproxy.sendermap.Place;

/**
 * One signature to make for one message.
 *
 * @param place where it is specified
 * @param rule which rule asks for it, as {@link PlannedSignature} has it
 * @param domain d=, A-labels
 * @param identity i= as it goes in the tag; never for DomainKeys
 * @param originator the address on whose behalf the message is sent, as logged
 */
record SignatureRequest(
        Place place,
        String rule,
        SignatureTemplate template,
        String domain,
        Optional<String> identity,
        String originator) {}
