package org.dkimproxy.signing.message;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** The address on whose behalf a message is sent: it decides which rule is for the message. */
public sealed interface Originator {
    /** Octets of a field that {@link Unknown} shows. */
    int MAX_TEXT = 1000;

    /** Which fields are read, in this order. */
    enum Source {
        /** Sender, then From: that of dkimproxy, and of DomainKeys (RFC 4870 section 3.3). */
        SENDER,
        /** From alone: that of DMARC (RFC 7489 section 3.1). */
        FROM
    }

    /** What becomes of a field that names addresses of several domains. */
    enum Several {
        /** The header does not name an originator. */
        UNKNOWN,
        /** Its first address counts, as in dkimproxy 1.4.1. */
        FIRST
    }

    /**
     * The originator is known.
     *
     * @param address where the rules are looked up
     * @param fromSender whether it was taken from Sender
     */
    record Known(Address address, boolean fromSender) implements Originator {}

    /**
     * The originator is not known.
     *
     * @param reason in a few words, without a full stop
     * @param field the value of the field that does not name one, read as UTF-8, at most {@link #MAX_TEXT} octets of it; empty
     *     if there is no such field
     */
    record Unknown(String reason, String field) implements Originator {}

    /**
     * Finds the originator of a message. A Sender field that does not name one gives way to From. A field is read by RFC
     * 5322, and tolerantly if it does not parse; of the addresses of one domain and the domains below it, the first one of
     * that domain counts.
     */
    static Originator of(HeaderFields fields, Source source, Several several) {
        List<HeaderField> senders = source == Source.SENDER ? fields.named("sender") : List.of();
        if (senders.size() > 1) {
            return new Unknown(senders.size() + " Sender fields (RFC 6376 section 8.15)", "");
        }
        if (!senders.isEmpty()) {
            Optional<Address> sender = address(addresses(senders.getFirst()), several);
            if (sender.isPresent()) {
                return new Known(sender.get(), true);
            }
        }
        return ofFrom(fields, several);
    }

    private static Originator ofFrom(HeaderFields fields, Several several) {
        List<HeaderField> from = fields.named("from");
        if (from.size() != 1) {
            return new Unknown(fields.fromFault().orElseThrow(), "");
        }
        return ofField(from.getFirst(), several);
    }

    /** The originator that one From field names. */
    static Originator ofField(HeaderField from, Several several) {
        AddressSet addresses = addresses(from);
        return address(addresses, several)
                .<Originator>map(address -> new Known(address, false))
                .orElseGet(() -> new Unknown(
                        addresses.isEmpty()
                                ? "no address in the From field"
                                : "addresses of several domains in the From field",
                        text(from)));
    }

    private static AddressSet addresses(HeaderField field) {
        return AddressReader.read(field).orElseGet(() -> TolerantAddressReader.read(field));
    }

    private static Optional<Address> address(AddressSet addresses, Several several) {
        return several == Several.FIRST ? addresses.first() : addresses.common();
    }

    private static String text(HeaderField field) {
        int length = Math.min(MAX_TEXT, field.end() - field.valueBegin());
        return new String(field.block(), field.valueBegin(), length, StandardCharsets.UTF_8).strip();
    }
}
