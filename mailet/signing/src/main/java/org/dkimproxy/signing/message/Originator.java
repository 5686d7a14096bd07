package org.dkimproxy.signing.message;

import java.util.List;
import java.util.Optional;

/**
 * The address on whose behalf a message is sent: the first mailbox of Sender, else of From.
 *
 * <p>A message with no From, with two, with two Sender fields, or with one of them that cannot be read is not to be signed:
 * whatever a reader would be shown might not be what was signed (RFC 6376 sections 5.4 and 8.15).
 */
public sealed interface Originator {
    /** Characters of the longest address that is looked at; RFC 5321 section 4.5.3.1 allows 320 octets. */
    int LONGEST_ADDRESS = 1000;

    /**
     * The originator is known.
     *
     * @param address where the rules are looked up
     * @param fromSender whether it was taken from Sender
     */
    record Known(Address address, boolean fromSender) implements Originator {}

    /**
     * The originator cannot be told.
     *
     * @param reason in a few words, for the log
     */
    record Unknown(String reason) implements Originator {}

    /** Finds the originator of a message. */
    static Originator of(HeaderFields fields) {
        List<HeaderField> from = fields.named("from");
        List<HeaderField> sender = fields.named("sender");
        if (from.isEmpty()) {
            return new Unknown("no From field (RFC 6376 section 5.4)");
        }
        if (from.size() > 1) {
            return new Unknown(from.size() + " From fields (RFC 6376 section 8.15)");
        }
        if (sender.size() > 1) {
            return new Unknown(sender.size() + " Sender fields (RFC 6376 section 8.15)");
        }
        Optional<Address> author = read(from.getFirst());
        if (author.isEmpty()) {
            return new Unknown("no address can be read from the From field");
        }
        if (sender.isEmpty()) {
            return new Known(author.get(), false);
        }
        return read(sender.getFirst())
                .<Originator>map(address -> new Known(address, true))
                .orElseGet(() -> new Unknown("no address can be read from the Sender field"));
    }

    private static Optional<Address> read(HeaderField field) {
        return AddressReader.firstAddress(field)
                .filter(address ->
                        address.localPart().length() + address.domain().length() < LONGEST_ADDRESS);
    }
}
