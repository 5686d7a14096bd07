package org.dkimproxy.signing;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;
import org.dkimproxy.sendermap.DomainNames;
import org.dkimproxy.sendermap.MacroTemplate;
import org.dkimproxy.sendermap.Problem;

/** The value of the i= tag (RFC 6376 section 3.5, RFC 8616 section 4). */
final class IdentityTag {
    /** An address of RFC 5321 has at most 254 octets; encoding may triple those of its local part. */
    private static final int LONGEST = 64 * 3 + 1 + 253;

    private IdentityTag() {}

    /**
     * Encodes an identity: the local part as dkim-quoted-printable, the domain in A-labels.
     *
     * @return nothing if it has no domain, or one that is not under the signing domain, or is too long
     */
    static Optional<String> encode(String identity, String signingDomain) {
        int at = identity.lastIndexOf('@');
        if (at < 0) {
            return Optional.empty();
        }
        return TagDomain.of(identity.substring(at + 1))
                .filter(domain -> DomainNames.isWithin(domain, signingDomain))
                .map(domain -> quotedPrintable(identity.substring(0, at)) + "@" + domain)
                .filter(tag -> tag.length() <= LONGEST);
    }

    /**
     * What is wrong with an identity that is the same for every message; with macros that shows only for a message.
     *
     * @param signingDomain d= of the same signature
     */
    static Optional<Problem> problem(MacroTemplate identity, Optional<MacroTemplate> signingDomain) {
        String text = identity.source().text();
        Optional<String> domain = signingDomain
                .filter(given -> !given.hasMacros())
                .map(given -> given.source().text());
        String own = text.substring(text.lastIndexOf('@') + 1);
        if (identity.hasMacros()
                || DomainNames.toALabels(domain.orElse(own))
                        .flatMap(within -> encode(text, within))
                        .isPresent()) {
            return Optional.empty();
        }
        return Optional.of(identity.source()
                .error(
                        "identity " + Problem.quoted(text),
                        "an address or \"@\" and a domain name"
                                + domain.map(within -> " within d=" + within).orElse("")));
    }

    /** RFC 6376 section 2.11: all but printable US-ASCII without {@code ;} and {@code =} is written {@code =XX}. */
    private static String quotedPrintable(String localPart) {
        StringBuilder encoded = new StringBuilder(localPart.length());
        for (byte octet : localPart.getBytes(StandardCharsets.UTF_8)) {
            if (octet > ' ' && octet < 127 && octet != ';' && octet != '=') {
                encoded.append((char) octet);
            } else {
                encoded.append('=').append(HexFormat.of().withUpperCase().toHexDigits(octet));
            }
        }
        return encoded.toString();
    }
}
