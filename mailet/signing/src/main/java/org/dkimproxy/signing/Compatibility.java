package org.dkimproxy.signing;

import java.util.List;
import org.dkimproxy.sendermap.dkim.Algorithm;
import org.dkimproxy.signing.message.Originator;

/** Whose defaults apply where a configuration is silent. */
public enum Compatibility {
    /** Ours: rsa-sha256, t=, the longer list of fields, oversigning. */
    NONE(Algorithm.RSA_SHA256),
    /**
     * Those of dkimproxy 1.4: rsa-sha1, no t=, its list of fields in place of h=, no oversigning, and no look at whether
     * every header line is a field. The signature fields are then the same octets that Mail::DKIM 1.2 writes with the same key.
     */
    DKIMPROXY_1_4(Algorithm.RSA_SHA1);

    /** The value of the option {@code compat} that asks for {@link #DKIMPROXY_1_4}. */
    public static final String DKIMPROXY_1_4_WORD = "dkimproxy-1.4";

    private static final List<String> ORIGINAL_FIELDS = List.of(
            "from",
            "sender",
            "reply-to",
            "subject",
            "date",
            "message-id",
            "to",
            "cc",
            "mime-version",
            "content-type",
            "content-transfer-encoding",
            "content-id",
            "content-description",
            "resent-date",
            "resent-from",
            "resent-sender",
            "resent-to",
            "resent-cc",
            "resent-message-id",
            "in-reply-to",
            "references",
            "list-id",
            "list-help",
            "list-unsubscribe",
            "list-subscribe",
            "list-post",
            "list-owner",
            "list-archive");

    private final Algorithm defaultAlgorithm;

    Compatibility(Algorithm defaultAlgorithm) {
        this.defaultAlgorithm = defaultAlgorithm;
    }

    /** The algorithm of a DKIM signature with an RSA key that names none. */
    public Algorithm defaultAlgorithm() {
        return defaultAlgorithm;
    }

    /** What a From or Sender field means that names addresses of several domains. */
    public Originator.Several severalOriginators() {
        return switch (this) {
            case DKIMPROXY_1_4 -> Originator.Several.FIRST;
            case NONE -> Originator.Several.UNKNOWN;
        };
    }

    /** The fields that DomainKeys signs when a signature does not list its own, in lower case (RFC 4870). */
    public List<String> defaultDomainKeysFields() {
        return switch (this) {
            case DKIMPROXY_1_4 -> ORIGINAL_FIELDS;
            // DomainKeys covers only what lies below its own field, and there are relays that write MIME-Version anew
            // on top
            case NONE ->
                ORIGINAL_FIELDS.stream()
                        .filter(name -> !name.equals("mime-version"))
                        .toList();
        };
    }

    /** The fields that DKIM signs when a signature does not list its own, in lower case (RFC 6376 section 5.4.1). */
    public List<String> defaultDkimFields() {
        return switch (this) {
            case DKIMPROXY_1_4 -> ORIGINAL_FIELDS;
            // RFC 8058 section 4: a one-click unsubscribe counts only when a signature covers it
            case NONE ->
                java.util.stream.Stream.concat(
                                ORIGINAL_FIELDS.stream(), java.util.stream.Stream.of("list-unsubscribe-post"))
                        .toList();
        };
    }
}
