package org.dkimproxy.signing;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import org.dkimproxy.sendermap.dkim.DomainNames;
import org.dkimproxy.sendermap.dkim.MacroTemplate;
import org.dkimproxy.sendermap.dkim.SignatureSpecification;
import org.dkimproxy.sendermap.map.ListIdMap;
import org.dkimproxy.sendermap.map.MapMatch;
import org.dkimproxy.sendermap.map.SenderMap;
import org.dkimproxy.sendermap.text.Position;
import org.dkimproxy.sendermap.text.Problem;
import org.dkimproxy.sendermap.text.Severity;
import org.dkimproxy.sendermap.text.SourceText;
import org.jspecify.annotations.Nullable;

/**
 * Identities that are the same for every message, of signatures without d=: each domain and each key of a map that asks for
 * such a signature is its signing domain, and the identity has to lie in it (RFC 6376 section 3.5, i=).
 *
 * <p>What an identity is worth is found out once for each specification, so that a million keys with one right-hand side cost
 * a comparison each.
 */
final class FixedIdentities {
    private final IdentityHashMap<SignatureSpecification, Fixed> fixed = new IdentityHashMap<>();
    private final List<Fixed> unfit = new ArrayList<>();

    private FixedIdentities(IdentityHashMap<SignatureSpecification, SignatureTemplate> templates) {
        templates.forEach((specification, template) -> {
            if (template instanceof SignatureTemplate.Dkim dkim && dkim.domain().isEmpty()) {
                dkim.identity().flatMap(Fixed::of).ifPresent(identity -> fixed.put(specification, identity));
            }
        });
    }

    /**
     * The identities that do not fit, each told once for all rules.
     *
     * @param templates each specification of the settings, by its own instance, and what was made of it
     */
    static List<Problem> problems(
            SignerSettings settings, IdentityHashMap<SignatureSpecification, SignatureTemplate> templates) {
        FixedIdentities identities = new FixedIdentities(templates);
        if (!identities.fixed.isEmpty()) {
            identities.check(settings);
        }
        return identities.unfit.stream()
                .flatMap(each -> each.problem().stream())
                .toList();
    }

    private void check(SignerSettings settings) {
        settings.listIdMap().stream()
                .flatMap((ListIdMap map) -> map.entriesWith(fixed::containsKey))
                .forEach(this::checkKey);
        settings.senderMap().stream()
                .flatMap((SenderMap map) -> map.entriesWith(fixed::containsKey))
                .forEach(this::checkKey);
        for (SourceText domain : settings.domains()) {
            for (SignatureSpecification specification : settings.signatures()) {
                check(specification, domain.text(), "domain", domain.text(), Optional.empty());
            }
        }
    }

    private void checkKey(MapMatch match) {
        // with the key that is for all the signing domain is that of the message
        if (!match.keyDomain().isEmpty()) {
            for (SignatureSpecification specification : match.specifications()) {
                check(specification, match.keyDomain(), "key", match.key(), Optional.of(match.position()));
            }
        }
    }

    /** @param position the position of the rule, if that of the identity is not enough */
    private void check(
            SignatureSpecification specification,
            String signingDomain,
            String kind,
            String name,
            Optional<Position> position) {
        Fixed identity = fixed.get(specification);
        if (identity == null || DomainNames.isWithin(identity.domain, signingDomain)) {
            return;
        }
        if (identity.rule == null) {
            identity.rule = new Rule(kind + " " + Problem.quoted(name), signingDomain, position);
            unfit.add(identity);
        } else {
            identity.moreRules++;
        }
    }

    private record Rule(String name, String signingDomain, Optional<Position> position) {}

    /** One identity, and the first rule that it does not fit. */
    private static final class Fixed {
        private final MacroTemplate identity;
        private final String domain;
        private @Nullable Rule rule;
        private int moreRules;

        private Fixed(MacroTemplate identity, String domain) {
            this.identity = identity;
            this.domain = domain;
        }

        /** Nothing for one that depends on the message, and for one that is wrong anyway. */
        static Optional<Fixed> of(MacroTemplate identity) {
            return identity.constant()
                    .flatMap(IdentityTag::encode)
                    .map(tag -> new Fixed(identity, IdentityTag.domain(tag)));
        }

        Optional<Problem> problem() {
            return Optional.ofNullable(rule).map(this::problem);
        }

        private Problem problem(Rule first) {
            SourceText source = identity.source();
            String found = "identity " + Problem.quoted(source.text()) + " for the " + first.name()
                    + (moreRules == 0 ? "" : " and " + moreRules + " more");
            String expected = IdentityTag.expected(Optional.of(first.signingDomain()));
            return first.position()
                    .filter(position -> !isInLine(source.position(), position))
                    .map(position -> new Problem(Severity.ERROR, position, found, expected, "", 0, Optional.empty()))
                    .orElseGet(() -> source.error(found, expected));
        }

        private static boolean isInLine(Position position, Position line) {
            return position.line() == line.line() && position.file().equals(line.file());
        }
    }
}
