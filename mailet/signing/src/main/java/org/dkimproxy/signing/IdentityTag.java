package org.dkimproxy.signing;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;
import org.dkimproxy.sendermap.dkim.DomainNames;
import org.dkimproxy.sendermap.dkim.MacroTemplate;
import org.dkimproxy.sendermap.text.Problem;

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
        return encode(identity).filter(tag -> DomainNames.isWithin(domain(tag), signingDomain));
    }

    /** Encodes an identity, for any signing domain; empty if it has no domain or is too long. */
    static Optional<String> encode(String identity) {
        int at = identity.lastIndexOf('@');
        // its length is looked at first, since encoding takes time and memory
        if (at < 0 || at > LONGEST) {
            return Optional.empty();
        }
        return TagDomain.of(identity.substring(at + 1))
                .map(domain -> quotedPrintable(identity.substring(0, at)) + "@" + domain)
                .filter(tag -> tag.length() <= LONGEST);
    }

    /** Whether an identity is encoded to nothing for its length alone. */
    static boolean isTooLong(String identity) {
        return identity.indexOf('@') >= 0
                && TagDomain.of(domain(identity)).isPresent()
                && encode(identity).isEmpty();
    }

    /** What follows the last at sign; all of it if there is none. */
    static String domain(String identity) {
        return identity.substring(identity.lastIndexOf('@') + 1);
    }

    /**
     * The problem with an identity that is constant for all messages; with macros that shows only for a message, and
     * without d= only for a rule.
     *
     * @param signingDomain d= of the same signature
     */
    static Optional<Problem> problem(MacroTemplate identity, Optional<MacroTemplate> signingDomain) {
        Optional<String> constant = identity.constant();
        if (constant.isEmpty()) {
            return Optional.empty();
        }
        String text = constant.get();
        Optional<String> within = signingDomain.flatMap(MacroTemplate::constant);
        Optional<String> tag = within.flatMap(DomainNames::toALabels)
                .map(domain -> encode(text, domain))
                .orElseGet(() -> encode(text));
        return tag.isPresent() ? Optional.empty() : Optional.of(problem(identity, text, within));
    }

    private static Problem problem(MacroTemplate identity, String text, Optional<String> within) {
        return isTooLong(text)
                ? identity.source().error("an identity that is too long", "one of at most " + LONGEST + " octets in i=")
                : identity.source()
                        .error("identity " + Problem.quoted(identity.source().text()), expected(within));
    }

    /** What an identity is to be. */
    static String expected(Optional<String> signingDomain) {
        return "an address or \"@\" and a domain name"
                + signingDomain.map(domain -> " within d=" + domain).orElse("");
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
