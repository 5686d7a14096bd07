package org.dkimproxy.signing;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.dkimproxy.sendermap.dkim.DomainNames;
import org.dkimproxy.signing.message.Originator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs once for each d= that it does not align with the From domain: neither equals the other or lies below it, so that DMARC
 * does not count the signature (RFC 7489 section 3.1.1). Thread-safe.
 */
final class AlignmentNotices {
    /** A d= with macros may have any number of values. */
    private static final int MAX_DOMAINS = 1000;

    private static final Logger LOG = LoggerFactory.getLogger(AlignmentNotices.class);

    private final Set<String> logged = ConcurrentHashMap.newKeySet();

    /** @param author the originator in From; without one no notice is logged */
    void check(List<SignatureField> signatures, Originator author, MessageSummary message) {
        if (!(author instanceof Originator.Known known)) {
            return;
        }
        String written = known.address().domain();
        String from = DomainNames.toALabels(written).orElse(written);
        for (SignatureField signature : signatures) {
            String domain = signature.domain();
            boolean isAligned = DomainNames.isWithin(from, domain) || DomainNames.isWithin(domain, from);
            if (!isAligned && logged.size() < MAX_DOMAINS && logged.add(domain.toLowerCase(Locale.ROOT))) {
                LOG.info(
                        "notice: d={} is not aligned with the From domain {}, so DMARC does not count this signature"
                                + " (logged once for each d=); {}",
                        domain,
                        MessageSummary.printable(from),
                        message.attributes());
            }
        }
    }
}
