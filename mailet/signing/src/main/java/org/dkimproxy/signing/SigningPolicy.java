package org.dkimproxy.signing;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.dkimproxy.sendermap.dkim.DomainNames;
import org.dkimproxy.sendermap.dkim.MacroTemplate;
import org.dkimproxy.sendermap.dkim.SignatureSpecification;
import org.dkimproxy.sendermap.map.ListIdMap;
import org.dkimproxy.sendermap.map.MapMatch;
import org.dkimproxy.sendermap.map.SenderMap;
import org.dkimproxy.sendermap.text.SourceText;
import org.dkimproxy.signing.SigningOutcome.Cause;
import org.dkimproxy.signing.message.Address;
import org.dkimproxy.signing.message.Originator;
import org.jspecify.annotations.Nullable;

/** Decides which signatures a message gets: by the list-id map, else the sender map, else the domains, else the signatures alone. */
final class SigningPolicy {
    private final Optional<ListIdMap> listIdMap;
    private final Optional<SenderMap> senderMap;
    private final List<SourceText> domains;
    private final List<SignatureSpecification> signatures;
    private final IdentityHashMap<SignatureSpecification, SignatureTemplate> templates;
    private final AuthorRule authors;

    /**
     * Decides by the rules of the settings.
     *
     * @param templates each specification of the settings, by its own instance, and what was made of it
     */
    SigningPolicy(
            SignerSettings settings,
            IdentityHashMap<SignatureSpecification, SignatureTemplate> templates,
            AuthorRule authors) {
        this.listIdMap = settings.listIdMap();
        this.senderMap = settings.senderMap();
        this.domains = settings.domains();
        this.signatures = settings.signatures();
        this.templates = templates;
        this.authors = authors;
    }

    /** What the rules say of one message. */
    sealed interface Decision {
        /** It is to carry these signatures; never empty. */
        record Sign(List<SignatureRequest> requests) implements Decision {}

        /** It is to leave as it is. */
        record Leave(Cause cause, String reason) implements Decision {
            /** The message does not tell whose it is. */
            static Leave unknown(Originator.Unknown originator) {
                return new Leave(
                        Cause.UNKNOWN_ORIGINATOR,
                        originator.field().isEmpty()
                                ? originator.reason()
                                : originator.reason() + ": " + MessageSummary.printable(originator.field()));
            }
        }
    }

    /**
     * Decides.
     *
     * @param listId the message's List-Id
     * @throws SigningFailedException if a rule applies but what it asks for cannot be written, such as an i= outside d=
     */
    Decision decide(Originators originators, Optional<String> listId) throws SigningFailedException {
        Originator originator = originators.deciding();
        Optional<Sender> known = Sender.of(originator);
        Optional<SigningRule> rule = listIdMap
                .flatMap(map -> listId.flatMap(map::lookup))
                .map(SigningRule::ofListIdMap)
                .or(() -> senderMap.flatMap(map -> lookup(map, known)).map(SigningRule::ofSenderMap))
                .or(() -> matchDomain(known))
                .or(this::ruleForEveryone);
        if (rule.isEmpty()) {
            return noRule(originator);
        }
        if (rule.get().match().specifications().isEmpty()) {
            return new Decision.Leave(
                    Cause.RULE_WITHOUT_SIGNATURE,
                    "the rule for " + rule.get().match().key() + " asks for no signature");
        }
        Optional<Decision.Leave> objection = authors.objection(rule.get(), originators.author());
        if (objection.isPresent()) {
            return objection.get();
        }
        Optional<List<SignatureRequest>> requests = requests(rule.get(), known, Sender.of(originators.forDomainKeys()));
        if (requests.isEmpty()) {
            return noRule(originator);
        }
        return requests.get().isEmpty()
                ? new Decision.Leave(
                        Cause.FOREIGN_DOMAINKEYS,
                        "DomainKeys signs only for the originator's own domain (RFC 4870 section 3.2.3)")
                : new Decision.Sign(requests.get());
    }

    /** An originator that is known, and its domain in A-labels; a domain that is no host name stays as it is. */
    private record Sender(Address address, String domain) {
        static Optional<Sender> of(Originator originator) {
            // a domain that is no host name still falls to rules for its address, for a domain above it, or for
            // everyone
            if (!(originator instanceof Originator.Known known)) {
                return Optional.empty();
            }
            String domain = known.address().domain();
            return Optional.of(
                    new Sender(known.address(), DomainNames.toALabels(domain).orElse(domain)));
        }

        String text() {
            return address.writtenLocalPart() + "@" + domain;
        }
    }

    private static Optional<MapMatch> lookup(SenderMap map, Optional<Sender> sender) {
        return sender.isPresent()
                ? map.lookup(
                        sender.get().address().writtenLocalPart(), sender.get().domain())
                : map.catchAll();
    }

    private static Decision noRule(Originator originator) {
        return switch (originator) {
            case Originator.Known known ->
                new Decision.Leave(
                        Cause.NO_RULE,
                        "no rule matches "
                                + MessageSummary.printable(known.address().toString()));
            case Originator.Unknown unknown -> Decision.Leave.unknown(unknown);
        };
    }

    /** Every rule, in the order in which they are asked; may be long. */
    Stream<SigningRule> rules() {
        Stream<SigningRule> byDomain = signatures.isEmpty()
                ? Stream.empty()
                : domains.stream().map(domain -> SigningRule.ofDomain(domain, signatures));
        return Stream.of(
                        listIdMap.stream().flatMap(ListIdMap::entries).map(SigningRule::ofListIdMap),
                        senderMap.stream().flatMap(SenderMap::entries).map(SigningRule::ofSenderMap),
                        byDomain,
                        ruleForEveryone().stream())
                .flatMap(part -> part);
    }

    /** Every signature of every rule, with its domain where that is the same for all messages. */
    Stream<PlannedSignature> all() {
        return rules().flatMap(this::planned);
    }

    private Stream<PlannedSignature> planned(SigningRule rule) {
        return rule.match().specifications().stream().map(specification -> {
            SignatureTemplate template = templateOf(specification);
            Optional<String> domain = template.domain().isEmpty()
                    ? rule.standardDomain()
                    : template.domain().flatMap(MacroTemplate::constant);
            Optional<String> identity = template instanceof SignatureTemplate.Dkim dkim
                    ? dkim.identity().flatMap(MacroTemplate::constant).flatMap(IdentityTag::encode)
                    : Optional.empty();
            return PlannedSignature.of(rule, specification, template, domain.flatMap(TagDomain::of), identity);
        });
    }

    private Optional<SigningRule> matchDomain(Optional<Sender> sender) {
        if (signatures.isEmpty()) {
            return Optional.empty();
        }
        Optional<SourceText> domain = domains.size() == 1
                ? Optional.of(domains.getFirst())
                : sender.flatMap(known -> domains.stream()
                        .filter(candidate -> DomainNames.isWithin(known.domain(), candidate.text()))
                        .max(Comparator.comparingInt(
                                candidate -> candidate.text().length())));
        return domain.map(match -> SigningRule.ofDomain(match, signatures));
    }

    /** Signatures beside which there is no map and no domain are for every message. */
    private Optional<SigningRule> ruleForEveryone() {
        boolean isForEveryone =
                listIdMap.isEmpty() && senderMap.isEmpty() && domains.isEmpty() && !signatures.isEmpty();
        return isForEveryone ? Optional.of(SigningRule.ofSignatures(signatures)) : Optional.empty();
    }

    /** The signatures to make; empty if one of them needs an originator and that is not known. */
    private Optional<List<SignatureRequest>> requests(
            SigningRule rule, Optional<Sender> originator, Optional<Sender> domainKeysSender)
            throws SigningFailedException {
        MapMatch match = rule.match();
        Optional<String> matchedDomain =
                match.keyDomain().isEmpty() ? originator.map(Sender::domain) : Optional.of(match.keyDomain());
        MacroTemplate.Values macros = new MacroTemplate.Values(
                originator.map(Sender::text), originator.map(Sender::domain), Optional.of(match.key()), matchedDomain);
        List<SignatureRequest> requests = new ArrayList<>();
        for (SignatureSpecification specification : match.specifications()) {
            SignatureTemplate template = templateOf(specification);
            Optional<String> written =
                    template.domain().isPresent() ? template.domain().get().expand(macros) : matchedDomain;
            if (written.isEmpty()) {
                return Optional.empty();
            }
            String domain = signingDomain(written.get());
            switch (template) {
                case SignatureTemplate.Dkim dkim ->
                    requests.add(
                            SignatureRequest.dkim(rule, specification, dkim, domain, identity(dkim, macros, domain)));
                case SignatureTemplate.DomainKeys domainKeys ->
                    domainKeysSender
                            .filter(sender -> DomainNames.isWithin(sender.domain(), domain))
                            .ifPresent(sender -> requests.add(SignatureRequest.domainKeys(
                                    rule, specification, domainKeys, domain, sender.address())));
            }
        }
        return Optional.of(requests);
    }

    /** What was made of a specification that some rule has. */
    SignatureTemplate templateOf(SignatureSpecification specification) {
        @Nullable SignatureTemplate template = templates.get(specification);
        if (template == null) {
            throw new IllegalStateException("a specification that was not checked: "
                    + specification.source().position());
        }
        return template;
    }

    private static String signingDomain(String domain) throws SigningFailedException {
        return TagDomain.of(domain)
                .orElseThrow(() ->
                        SigningFailedException.permanent("d= is not a host name: " + MessageSummary.printable(domain)));
    }

    /** i=; left out, as RFC 6376 section 3.5 permits, where it depends on an originator that is not known. */
    private static Optional<String> identity(SignatureTemplate.Dkim dkim, MacroTemplate.Values macros, String domain)
            throws SigningFailedException {
        Optional<String> expanded = dkim.identity().flatMap(given -> given.expand(macros));
        if (expanded.isEmpty()) {
            return Optional.empty();
        }
        String identity = expanded.get();
        Optional<String> tag = IdentityTag.encode(identity, domain);
        if (tag.isEmpty()) {
            String fault =
                    IdentityTag.isTooLong(identity) ? "i= is too long: " : "i= is not an address in d=" + domain + ": ";
            throw SigningFailedException.permanent(fault + MessageSummary.printable(identity));
        }
        return tag;
    }
}
