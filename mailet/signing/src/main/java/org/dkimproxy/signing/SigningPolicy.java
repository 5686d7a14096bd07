package org.dkimproxy.signing;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.dkimproxy.sendermap.DomainNames;
import org.dkimproxy.sendermap.ListIdMap;
import org.dkimproxy.sendermap.MacroTemplate;
import org.dkimproxy.sendermap.MapMatch;
import org.dkimproxy.sendermap.SenderMap;
import org.dkimproxy.sendermap.SignatureSpecification;
import org.dkimproxy.sendermap.SourceFragment;
import org.dkimproxy.signing.SigningOutcome.Cause;
import org.dkimproxy.signing.message.Address;
import org.jspecify.annotations.Nullable;

/** Tells which signatures a message is to carry: the list-id map is asked first, then the sender map, then the domains. */
final class SigningPolicy {
    private final Optional<ListIdMap> listIdMap;
    private final Optional<SenderMap> senderMap;
    private final List<SourceFragment> domains;
    private final List<SignatureSpecification> signatures;
    private final IdentityHashMap<SignatureSpecification, SignatureTemplate> templates;

    /** @param templates each specification of the settings, by its own instance, and what was made of it */
    SigningPolicy(SignerSettings settings, IdentityHashMap<SignatureSpecification, SignatureTemplate> templates) {
        this.listIdMap = settings.listIdMap();
        this.senderMap = settings.senderMap();
        this.domains = settings.domains();
        this.signatures = settings.signatures();
        this.templates = templates;
    }

    /** What the rules say of one message. */
    sealed interface Decision {
        /** It is to carry these signatures; never empty. */
        record Sign(List<SignatureRequest> requests) implements Decision {}

        /** It is to leave as it is. */
        record Leave(Cause cause, String reason) implements Decision {}
    }

    /**
     * Decides.
     *
     * @param listId the message's List-Id
     * @throws SigningFailedException if a rule applies but what it asks for cannot be written, such as an i= outside d=
     */
    Decision decide(Address originator, Optional<String> listId) throws SigningFailedException {
        // a domain that is no host name still falls to rules for its address, for a domain above it, or for everyone
        String domain = DomainNames.toALabels(originator.domain()).orElse(originator.domain());
        Optional<SigningRule> rule = listIdMap
                .flatMap(map -> listId.flatMap(map::lookup))
                .map(SigningRule::ofListIdMap)
                .or(() -> senderMap
                        .flatMap(map -> map.lookup(originator.writtenLocalPart(), domain))
                        .map(SigningRule::ofSenderMap))
                .or(() -> matchDomain(domain));
        if (rule.isEmpty()) {
            return new Decision.Leave(
                    Cause.NO_RULE, "no rule matches " + MessageSummary.printable(originator.toString()));
        }
        if (rule.get().match().specifications().isEmpty()) {
            return new Decision.Leave(
                    Cause.RULE_WITHOUT_SIGNATURE,
                    "the rule for " + rule.get().match().key() + " asks for no signature");
        }
        List<SignatureRequest> requests = requests(rule.get(), originator, domain);
        return requests.isEmpty()
                ? new Decision.Leave(
                        Cause.FOREIGN_DOMAINKEYS,
                        "DomainKeys signs only for the originator's own domain (RFC 4870 section 3.2.3)")
                : new Decision.Sign(requests);
    }

    /** Every signature of every rule, with its domain where that is the same for all messages. */
    Stream<PlannedSignature> all() {
        // what a list id leaves for d= depends on whether it is the key or lies under it
        Stream<PlannedSignature> byListId = listIdMap.stream()
                .flatMap(ListIdMap::entries)
                .flatMap(match -> planned(SigningRule.ofListIdMap(match), Optional.empty()));
        Stream<PlannedSignature> bySender = senderMap.stream()
                .flatMap(SenderMap::entries)
                .flatMap(match -> planned(
                        SigningRule.ofSenderMap(match),
                        Optional.of(match.keyDomain()).filter(domain -> !domain.isEmpty())));
        Stream<PlannedSignature> byDomain = domains.stream()
                .flatMap(domain -> planned(SigningRule.ofDomain(domain, signatures), Optional.of(domain.text())));
        return Stream.of(byListId, bySender, byDomain).flatMap(part -> part);
    }

    private Stream<PlannedSignature> planned(SigningRule rule, Optional<String> standardDomain) {
        return rule.match().specifications().stream().map(specification -> {
            SignatureTemplate template = templateOf(specification);
            Optional<String> domain = template.domain().isEmpty()
                    ? standardDomain
                    : template.domain().flatMap(MacroTemplate::constant);
            Optional<String> identity = template instanceof SignatureTemplate.Dkim dkim
                    ? dkim.identity().flatMap(MacroTemplate::constant).flatMap(IdentityTag::encode)
                    : Optional.empty();
            return PlannedSignature.of(
                    rule.place(specification), rule.name(), template, domain.flatMap(TagDomain::of), identity);
        });
    }

    private Optional<SigningRule> matchDomain(String originatorDomain) {
        if (signatures.isEmpty()) {
            return Optional.empty();
        }
        Optional<SourceFragment> domain = domains.size() == 1
                ? Optional.of(domains.getFirst())
                : domains.stream()
                        .filter(candidate -> DomainNames.isWithin(originatorDomain, candidate.text()))
                        .max(Comparator.comparingInt(
                                candidate -> candidate.text().length()));
        return domain.map(match -> SigningRule.ofDomain(match, signatures));
    }

    private List<SignatureRequest> requests(SigningRule rule, Address originator, String originatorDomain)
            throws SigningFailedException {
        MapMatch match = rule.match();
        String matchedDomain = match.keyDomain().isEmpty() ? originatorDomain : match.keyDomain();
        MacroTemplate.Values macros = new MacroTemplate.Values(
                originator.writtenLocalPart() + "@" + originatorDomain, originatorDomain, match.key(), matchedDomain);
        List<SignatureRequest> requests = new ArrayList<>();
        for (SignatureSpecification specification : match.specifications()) {
            SignatureTemplate template = templateOf(specification);
            String domain = signingDomain(template, macros, matchedDomain);
            switch (template) {
                case SignatureTemplate.Dkim dkim ->
                    requests.add(new SignatureRequest(
                            rule, specification, dkim, domain, identity(dkim, macros, domain), originator));
                case SignatureTemplate.DomainKeys domainKeys -> {
                    if (DomainNames.isWithin(originatorDomain, domain)) {
                        requests.add(new SignatureRequest(
                                rule, specification, domainKeys, domain, Optional.empty(), originator));
                    }
                }
            }
        }
        return requests;
    }

    private SignatureTemplate templateOf(SignatureSpecification specification) {
        @Nullable SignatureTemplate template = templates.get(specification);
        if (template == null) {
            throw new IllegalStateException("a specification that was not checked: "
                    + specification.source().place());
        }
        return template;
    }

    private static String signingDomain(SignatureTemplate template, MacroTemplate.Values macros, String matchedDomain)
            throws SigningFailedException {
        String domain = template.domain().map(given -> given.expand(macros)).orElse(matchedDomain);
        return TagDomain.of(domain)
                .orElseThrow(() ->
                        SigningFailedException.permanent("d= is not a host name: " + MessageSummary.printable(domain)));
    }

    private static Optional<String> identity(SignatureTemplate.Dkim dkim, MacroTemplate.Values macros, String domain)
            throws SigningFailedException {
        if (dkim.identity().isEmpty()) {
            return Optional.empty();
        }
        String identity = dkim.identity().get().expand(macros);
        Optional<String> tag = IdentityTag.encode(identity, domain);
        if (tag.isEmpty()) {
            String fault =
                    IdentityTag.isTooLong(identity) ? "i= is too long: " : "i= is not an address in d=" + domain + ": ";
            throw SigningFailedException.permanent(fault + MessageSummary.printable(identity));
        }
        return tag;
    }
}
