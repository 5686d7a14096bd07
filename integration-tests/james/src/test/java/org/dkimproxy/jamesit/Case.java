package org.dkimproxy.jamesit;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A message that an installation has to deal with.
 *
 * @param name of letters, digits and hyphens; also the local part of its recipient, so that it is known again
 * @param sender of the envelope; empty for a bounce
 * @param message raw octets with CRLF line ends
 * @param signatures what it has to arrive with, from the top
 * @param blind the verifiers that cannot read it
 */
@SuppressWarnings("ArrayRecordComponent") // copied in and out, and never compared
record Case(String name, String sender, byte[] message, List<Expected> signatures, List<String> blind) {

    /**
     * A signature that has to be there and hold.
     *
     * @param selector its s= value
     * @param domain its d= value
     * @param judges the verifiers that know its kind
     */
    record Expected(String selector, String domain, List<String> judges) {
        /** The name of its key record. */
        String recordName() {
            return selector + "._domainkey." + domain;
        }
    }

    Case {
        message = message.clone();
        signatures = List.copyOf(signatures);
        blind = List.copyOf(blind);
    }

    /** A message whose characters stand for its octets. */
    static Case of(String name, String sender, String octets, Expected... signatures) {
        return new Case(name, sender, octets.getBytes(StandardCharsets.ISO_8859_1), List.of(signatures), List.of());
    }

    @Override
    public byte[] message() {
        return message.clone();
    }

    /** Who it goes to. */
    String recipient() {
        return name + "@shopping.example.net";
    }

    @Override
    public String toString() {
        return name;
    }
}
