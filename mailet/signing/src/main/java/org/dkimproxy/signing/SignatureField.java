package org.dkimproxy.signing;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A finished DKIM-Signature or DomainKey-Signature field.
 *
 * @param text the whole field as it goes on the wire, folded, US-ASCII, without its final CRLF
 * @param algorithm the value of its a= tag
 * @param domain the value of its d= tag
 * @param selector the value of its s= tag
 * @param identity the address or {@code @domain} on whose behalf it was made, as logged
 */
public record SignatureField(String text, String algorithm, String domain, String selector, String identity) {

    static byte[] join(List<SignatureField> fields) {
        return fields.stream()
                .map(field -> field.text() + "\r\n")
                .collect(Collectors.joining())
                .getBytes(StandardCharsets.US_ASCII);
    }
}
