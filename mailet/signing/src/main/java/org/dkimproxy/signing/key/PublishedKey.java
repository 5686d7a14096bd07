package org.dkimproxy.signing.key;

/**
 * What the key record in the DNS says of a key (RFC 6376 section 3.6.1, RFC 8463 section 4).
 *
 * @param type k=: {@code rsa} or {@code ed25519}
 * @param data p=: base64 of the SubjectPublicKeyInfo of an RSA key, or of the 32 octets of an Ed25519 key
 */
public record PublishedKey(String type, String data) {
    /** The text of the whole record. */
    public String record() {
        return "v=DKIM1; k=" + type + "; p=" + data;
    }
}
