package org.dkimproxy.signing.canonical;

/** The octets that canonicalizations take away: WSP and what makes up line ends (RFC 6376 section 2.8, LWSP and FWS). */
final class WhiteSpace {
    private WhiteSpace() {}

    /** Blank, tab, CR or LF. */
    static boolean is(byte octet) {
        return octet == ' ' || octet == '\t' || octet == '\r' || octet == '\n';
    }
}
