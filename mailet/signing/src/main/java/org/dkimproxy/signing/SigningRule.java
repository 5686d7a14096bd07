package org.dkimproxy.signing;

import java.util.List;
import java.util.Optional;
import org.dkimproxy.sendermap.dkim.SignatureSpecification;
import org.dkimproxy.sendermap.map.MapMatch;
import org.dkimproxy.sendermap.text.Position;
import org.dkimproxy.sendermap.text.SourceText;

/** An entry that asks for signatures, and the option that it came from. */
record SigningRule(String option, MapMatch match) {
    private static final String LISTID_MAP = "listid_map";
    private static final String SENDER_MAP = "sender_map";
    private static final String DOMAIN = "domain";
    private static final String SIGNATURE = "signature";
    private static final String EVERYONE = ".";

    static SigningRule ofListIdMap(MapMatch match) {
        return new SigningRule(LISTID_MAP, match);
    }

    static SigningRule ofSenderMap(MapMatch match) {
        return new SigningRule(SENDER_MAP, match);
    }

    static SigningRule ofDomain(SourceText domain, List<SignatureSpecification> signatures) {
        return new SigningRule(DOMAIN, new MapMatch(domain.text(), domain.text(), domain.position(), signatures));
    }

    /** The rule of signatures that are for every message; there is at least one. */
    static SigningRule ofSignatures(List<SignatureSpecification> signatures) {
        return new SigningRule(
                SIGNATURE,
                new MapMatch(EVERYONE, "", signatures.getFirst().source().position(), signatures));
    }

    /** Whether it is for a mailing list, by its List-Id. */
    boolean isForList() {
        return option.equals(LISTID_MAP);
    }

    /** What {@link PlannedSignature} calls it. */
    String name() {
        return option.equals(SIGNATURE) ? option : option + " " + match.key();
    }

    /** d= of a signature that names none, where that is the same for all messages. */
    Optional<String> standardDomain() {
        // what a list id leaves for d= depends on whether it is the key or lies under it
        return Optional.of(match.keyDomain()).filter(domain -> !domain.isEmpty() && !option.equals(LISTID_MAP));
    }

    /** Where a signature stands: in the line of the rule's own key, even if it was read in an earlier one that has the same. */
    Position position(SignatureSpecification specification) {
        Position position = specification.source().position();
        boolean isElsewhere = !option.equals(DOMAIN)
                && !option.equals(SIGNATURE)
                && position.line() != match.position().line();
        return isElsewhere ? match.position() : position;
    }
}
