package org.dkimproxy.signing.message;

/**
 * A mailbox address, its quoting and comments taken away (RFC 5322 section 3.4.1).
 *
 * @param localPart never empty; may hold any character, since quotes are taken away
 * @param domain as it was written, never empty: a host name, perhaps in U-labels, or a {@code [literal]}
 */
public record Address(String localPart, String domain) {
    /** Local part, at sign, domain. */
    @Override
    public String toString() {
        return localPart + "@" + domain;
    }
}
