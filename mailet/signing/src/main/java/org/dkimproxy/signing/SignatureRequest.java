package org.dkimproxy.signing;

import java.util.Optional;

/**
 * One signature to make for one message.
 *
 * @param domain d=, A-labels
 * @param identity i= as it goes in the tag; never for DomainKeys
 * @param originator the address on whose behalf the message is sent, as logged
 */
record SignatureRequest(SignatureTemplate template, String domain, Optional<String> identity, String originator) {}
