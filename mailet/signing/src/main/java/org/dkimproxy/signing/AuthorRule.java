package org.dkimproxy.signing;

import java.io.IOException;
import java.util.Optional;
import org.dkimproxy.signing.SigningOutcome.Cause;
import org.dkimproxy.signing.SigningOutcome.Kind;
import org.dkimproxy.signing.SigningPolicy.Decision;
import org.dkimproxy.signing.message.Address;
import org.dkimproxy.signing.message.Originator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whose mail is signed where a rule asks for it: everyone's, or that of own authors. A mail server that forwards and
 * redirects would else sign mail of strangers. The author is named by From (RFC 5322 section 3.6.2), even if another field
 * decides about the rule.
 *
 * @param own the domains of own authors; empty if everyone's mail is signed
 */
record AuthorRule(Optional<OwnDomains> own) {
    static final AuthorRule EVERYONE = new AuthorRule(Optional.empty());

    private static final Logger LOG = LoggerFactory.getLogger(AuthorRule.class);

    /**
     * Returns why the mail of an author is left unsigned, if it is. A rule for a mailing list is for all mail to the
     * list.
     *
     * @throws SigningFailedException if the domains of the mail server are not known and decide
     */
    Optional<Decision.Leave> objection(SigningRule rule, Originator author) throws SigningFailedException {
        if (own.isEmpty() || rule.isForList()) {
            return Optional.empty();
        }
        return switch (author) {
            case Originator.Known known when covers(own.get(), known.address()) -> Optional.empty();
            case Originator.Known known ->
                Optional.of(new Decision.Leave(
                        Cause.FOREIGN_AUTHOR,
                        "foreign author: "
                                + MessageSummary.printable(known.address().domain())
                                + " is neither a domain of a key nor one of this server (sign_authors own)"));
            case Originator.Unknown unknown -> Optional.of(Decision.Leave.unknown(unknown));
        };
    }

    private static boolean covers(OwnDomains own, Address author) throws SigningFailedException {
        try {
            return own.coverAuthor(author);
        } catch (IOException notKnown) {
            LOG.debug("the domains of this server are not known", notKnown);
            throw new SigningFailedException(Kind.TEMPORARY, "the domains of this server are not known");
        }
    }
}
