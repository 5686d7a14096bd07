package org.dkimproxy.signing;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.dkimproxy.sendermap.dkim.Algorithm;
import org.dkimproxy.sendermap.dkim.DkimMethod;
import org.dkimproxy.sendermap.dkim.DomainKeysMethod;
import org.dkimproxy.sendermap.dkim.MacroTemplate;
import org.dkimproxy.signing.key.KeyFile;

/** A signature specification with its gaps filled and its key read: what is the same for every message. */
sealed interface SignatureTemplate {
    KeyFile keyFile();

    /** s=, A-labels. */
    String selector();

    /** d=; without it the domain that the rule matched. */
    Optional<MacroTemplate> domain();

    /** The fields to sign, lower case; from is always among them (RFC 6376 section 5.4). */
    Set<String> fields();

    Algorithm algorithm();

    /**
     * A DKIM signature (RFC 6376).
     *
     * @param methodIsGiven whether the configuration names the method, rather than leaving it to the default
     */
    record Dkim(
            KeyFile keyFile,
            String selector,
            Optional<MacroTemplate> domain,
            Set<String> fields,
            Algorithm algorithm,
            DkimMethod method,
            boolean methodIsGiven,
            Optional<MacroTemplate> identity,
            boolean timestamp,
            Optional<Duration> expiry)
            implements SignatureTemplate {}

    /** A DomainKeys signature (RFC 4870). */
    record DomainKeys(
            KeyFile keyFile,
            String selector,
            Optional<MacroTemplate> domain,
            Set<String> fields,
            DomainKeysMethod method)
            implements SignatureTemplate {
        @Override
        public Algorithm algorithm() {
            return Algorithm.RSA_SHA1;
        }
    }
}
