package org.dkimproxy.signing;

import org.dkimproxy.signing.message.HeaderFields;
import org.dkimproxy.signing.message.Originator;

/**
 * The originators of one message, which differ where Sender and From do.
 *
 * @param deciding decides which rule applies (option {@code originator})
 * @param forDomainKeys Sender before From (RFC 4870 section 3.3)
 * @param author From, which DMARC looks at (RFC 7489 section 3.1)
 */
record Originators(Originator deciding, Originator forDomainKeys, Originator author) {
    /** One that is all of them. */
    static Originators all(Originator one) {
        return new Originators(one, one, one);
    }

    static Originators of(HeaderFields fields, SignerSettings settings) {
        Originator.Several several = settings.compatibility().severalOriginators();
        Originator author = Originator.of(fields, Originator.Source.FROM, several);
        Originator sender =
                fields.named("sender").isEmpty() ? author : Originator.of(fields, Originator.Source.SENDER, several);
        return switch (settings.originator()) {
            case SENDER -> new Originators(sender, sender, author);
            case FROM -> new Originators(author, sender, author);
        };
    }
}
