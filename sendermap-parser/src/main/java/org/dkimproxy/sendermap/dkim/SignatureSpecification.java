package org.dkimproxy.sendermap.dkim;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.dkimproxy.sendermap.text.SourceText;

/**
 * One signature that an administrator asked for, as written: what it leaves open is filled in by the engine's defaults.
 *
 * <p>Written {@code dkim(c=relaxed,s=sel)} or {@code domainkeys}; see {@link SignatureSpecifications}.
 */
public sealed interface SignatureSpecification {
    /** Where it stands. */
    SourceText source();

    /** The private key file. */
    Optional<SourceText> keyFile();

    /** The signing domain, d=. */
    Optional<MacroTemplate> domain();

    /** The selector, s=. */
    Optional<SourceText> selector();

    /** The names of the fields to sign in place of the default list, lower case; empty for the default list. */
    List<String> headers();

    /**
     * A DKIM signature (RFC 6376).
     *
     * @param algorithm a=
     * @param method c=
     * @param identity i=
     * @param expiry time from signing to x=; whole seconds, above zero
     * @param timestamp whether to write t=
     */
    record Dkim(
            SourceText source,
            Optional<SourceText> keyFile,
            Optional<MacroTemplate> domain,
            Optional<SourceText> selector,
            List<String> headers,
            Optional<Algorithm> algorithm,
            Optional<DkimMethod> method,
            Optional<MacroTemplate> identity,
            Optional<Duration> expiry,
            Optional<Boolean> timestamp)
            implements SignatureSpecification {
        /** Takes a copy of the field names. */
        public Dkim {
            headers = List.copyOf(headers);
        }
    }

    /**
     * A DomainKeys signature (RFC 4870). Its algorithm is always rsa-sha1.
     *
     * @param method c=
     */
    record DomainKeys(
            SourceText source,
            Optional<SourceText> keyFile,
            Optional<MacroTemplate> domain,
            Optional<SourceText> selector,
            List<String> headers,
            Optional<DomainKeysMethod> method)
            implements SignatureSpecification {
        /** Takes a copy of the field names. */
        public DomainKeys {
            headers = List.copyOf(headers);
        }
    }
}
