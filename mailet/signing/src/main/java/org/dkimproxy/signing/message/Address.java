package org.dkimproxy.signing.message;

/**
 * A mailbox address, its comments taken away (RFC 5322 section 3.4.1).
 *
 * @param localPart its meaning, without quotes: never empty, may hold any character
 * @param domain as it was written, never empty: a host name, perhaps in U-labels, or a {@code [literal]}
 */
public record Address(String localPart, String domain) {
    private static final char DELETE = 0x7F;
    private static final String QUOTED_IN_ASCII = "\"(),:;<>@[\\]";

    /** The local part as it stands in an address: with quotes if it needs them. */
    public String writtenLocalPart() {
        return needsQuotes(localPart) ? "\"" + localPart.replace("\\", "\\\\").replace("\"", "\\\"") + "\"" : localPart;
    }

    /** RFC 5322 section 3.2.3 with what RFC 6532 section 3.2 adds; dots in odd places are left as they came. */
    private static boolean needsQuotes(String localPart) {
        for (int i = 0; i < localPart.length(); i++) {
            char c = localPart.charAt(i);
            if (c <= ' ' || c == DELETE || QUOTED_IN_ASCII.indexOf(c) >= 0) {
                return true;
            }
        }
        return localPart.isEmpty();
    }

    /** The address as it is written: local part, at sign, domain. */
    @Override
    public String toString() {
        return writtenLocalPart() + "@" + domain;
    }
}
