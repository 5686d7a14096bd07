package org.dkimproxy.signing.message;

import java.util.regex.Pattern;

/**
 * A mailbox address, its comments taken away (RFC 5322 section 3.4.1).
 *
 * @param localPart its meaning, without quotes: never empty, may hold any character
 * @param domain as it was written, never empty: a host name, perhaps in U-labels, or a {@code [literal]}
 */
public record Address(String localPart, String domain) {
    /** RFC 5322 section 3.2.3 with what RFC 6532 section 3.2 adds; dots in odd places are left as they came. */
    private static final Pattern NEEDS_NO_QUOTES =
            Pattern.compile("[A-Za-z0-9!#$%&'*+/=?^_`{|}~.\\x{80}-\\x{10FFFF}-]+");

    /** The local part as it stands in an address: with quotes if it needs them. */
    public String writtenLocalPart() {
        return NEEDS_NO_QUOTES.matcher(localPart).matches()
                ? localPart
                : "\"" + localPart.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }

    /** The address as it is written: local part, at sign, domain. */
    @Override
    public String toString() {
        return writtenLocalPart() + "@" + domain;
    }
}
