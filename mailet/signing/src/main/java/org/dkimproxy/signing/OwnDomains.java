package org.dkimproxy.signing;

import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.dkimproxy.sendermap.dkim.DomainNames;
import org.dkimproxy.sendermap.dkim.MacroTemplate;
import org.dkimproxy.sendermap.dkim.SignatureSpecification;
import org.dkimproxy.sendermap.map.MapMatch;
import org.dkimproxy.sendermap.map.SenderMap;
import org.dkimproxy.sendermap.text.SourceText;
import org.dkimproxy.signing.message.Address;

/**
 * The domains that a site may speak for: those that its configuration signs for, and those of its mail server. What lies
 * below one of them is own, too. Thread-safe.
 *
 * <p>The configuration signs for
 *
 * <ul>
 *   <li>a d= that is the same for every message; {@code d=$senderdomain} names no domain, since it is any sender's;
 *   <li>the values of the option {@code domain};
 *   <li>the domain of each sender-map key with a signature. The key {@code .} has none. Of an address whose signature has
 *       a d= of its own, such as {@code bob@gmail.com dkim(d=example.org)}, the address alone is own;
 *   <li>what a list id gives for d=.
 * </ul>
 */
public final class OwnDomains {
    /** RFC 1035 section 2.3.4, without the root: no set has a longer name. */
    private static final int LONGEST_NAME = 253;

    /** Asked for keys that are domains, of which there may be a million. */
    private final Optional<SenderMap> senderMap;

    private final Set<String> signedFor;
    private final HostDomains ofHost;

    private OwnDomains(Optional<SenderMap> senderMap, Set<String> signedFor, HostDomains ofHost) {
        this.senderMap = senderMap;
        this.signedFor = signedFor;
        this.ofHost = ofHost;
    }

    static OwnDomains of(SignerSettings settings, HostDomains ofHost) {
        Stream<String> constant = settings.specifications()
                .flatMap(specification -> specification.domain().flatMap(MacroTemplate::constant).stream());
        Stream<String> named = settings.signatures().isEmpty()
                ? Stream.empty()
                : settings.domains().stream().map(SourceText::text);
        Stream<String> ofAddresses = settings.senderMap().stream()
                .flatMap(map -> map.entriesWith(OwnDomains::hasNoDomain))
                .filter(match -> match.key().indexOf('@') >= 0)
                .map(MapMatch::keyDomain);
        Stream<String> ofLists = settings.listIdMap().stream()
                .flatMap(map -> map.entriesWith(OwnDomains::hasNoDomain))
                .map(MapMatch::keyDomain);
        Set<String> signedFor = Stream.of(constant, named, ofAddresses, ofLists)
                .flatMap(part -> part)
                .flatMap(domain -> DomainNames.toALabels(domain).stream())
                .collect(Collectors.toUnmodifiableSet());
        return new OwnDomains(settings.senderMap(), signedFor, ofHost);
    }

    private static boolean hasNoDomain(SignatureSpecification specification) {
        return specification.domain().isEmpty();
    }

    /**
     * Whether a domain equals or lies below one of them. The mail server is asked last.
     *
     * @param domain as written, a host name or any other text
     * @throws IOException if that depends on the domains of the mail server, and these are not known
     */
    public boolean cover(String domain) throws IOException {
        String name = DomainNames.toALabels(domain).orElseGet(() -> domain.toLowerCase(Locale.ROOT));
        return isKey("", name) || isBelow(name, signedFor) || isBelow(name, ofHost.current());
    }

    /** Whether the domain of an address is covered, or the address itself is a sender-map key with a signature. */
    boolean coverAuthor(Address author) throws IOException {
        return isKey(author.writtenLocalPart(), author.domain()) || cover(author.domain());
    }

    private boolean isKey(String localPart, String domain) {
        return senderMap
                .flatMap(map -> map.lookup(localPart, domain))
                .filter(match ->
                        !match.keyDomain().isEmpty() && !match.specifications().isEmpty())
                .isPresent();
    }

    private static boolean isBelow(String name, Set<String> domains) {
        int label = 0;
        do {
            if (name.length() - label <= LONGEST_NAME && domains.contains(name.substring(label))) {
                return true;
            }
            label = name.indexOf('.', label) + 1;
        } while (label > 0);
        return false;
    }
}
