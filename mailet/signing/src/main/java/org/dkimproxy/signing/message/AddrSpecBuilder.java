package org.dkimproxy.signing.message;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Builds an addr-spec from its words, and detects words that are none (RFC 5322 sections 3.4.1 and 4.4). */
final class AddrSpecBuilder {
    /** Octets of the longest address that is read; RFC 5321 section 4.5.3.1 allows 320. */
    private static final int MAX_OCTETS = 1000;

    /** What came last. */
    private enum Last {
        NOTHING,
        /** A dot or an at sign, with or without blanks after it. */
        SEPARATOR,
        ATOM,
        QUOTED,
        /** A blank or a comment after a word. */
        GAP,
        /** Whatever comes, it is no addr-spec any more. */
        BROKEN
    }

    /** A character for each octet. */
    private final StringBuilder octets = new StringBuilder();

    private int domainBegin = -1;
    private Last last = Last.NOTHING;

    /** A blank or a comment: between two words it shows a phrase, around a dot or an at sign it means nothing. */
    void blank() {
        if (last == Last.ATOM || last == Last.QUOTED) {
            last = Last.GAP;
        }
    }

    /** One octet of an atom or of a domain literal. */
    void octet(byte octet) {
        last = switch (last) {
            case NOTHING, SEPARATOR, ATOM -> Last.ATOM;
            case QUOTED, GAP, BROKEN -> Last.BROKEN;
        };
        octets.append((char) (octet & 0xFF));
    }

    /** A quoted string begins: a word of its own, in the local part only. */
    void beginQuoted() {
        boolean mayBegin = !isInDomain() && (last == Last.NOTHING || last == Last.SEPARATOR);
        last = mayBegin ? Last.QUOTED : Last.BROKEN;
    }

    /** One octet of a quoted string, its backslash taken away. */
    void literal(byte octet) {
        if ((octet >= 0 && octet < ' ') || octet == 127) {
            last = Last.BROKEN;
        }
        octets.append((char) (octet & 0xFF));
    }

    /** A dot between words. */
    void dot() {
        separate();
        octets.append('.');
    }

    /** The at sign. */
    void at() {
        if (isInDomain()) {
            last = Last.BROKEN;
        } else {
            domainBegin = octets.length();
        }
        separate();
    }

    private void separate() {
        last = last == Last.BROKEN ? Last.BROKEN : Last.SEPARATOR;
    }

    /** Whether the at sign was seen. */
    boolean isInDomain() {
        return domainBegin >= 0;
    }

    /** Whether nothing but blanks and comments was seen. */
    boolean isEmpty() {
        return last == Last.NOTHING;
    }

    /** Whether the words can be a phrase, such as a display name: there are some, and no at sign among them. */
    boolean mayBePhrase() {
        return !isEmpty() && !isInDomain();
    }

    /** Whether it began with an at sign, as the route of an obsolete angle address does. */
    boolean isRoute() {
        return domainBegin == 0;
    }

    /** The address; empty if the words are a phrase, or anything else but an addr-spec of at most 1,000 octets. */
    Optional<Address> build() {
        boolean isAddrSpec = last != Last.BROKEN && domainBegin > 0 && domainBegin < octets.length();
        if (!isAddrSpec || octets.length() > MAX_OCTETS) {
            return Optional.empty();
        }
        String localPart = octets.substring(0, domainBegin);
        return utf8(octets.substring(domainBegin))
                .map(domain -> new Address(utf8(localPart).orElse(localPart), domain));
    }

    /**
     * The characters of UTF-8 octets (RFC 6532 section 3.2); empty if they are not UTF-8. A local part is then read as
     * ISO-8859-1. A domain is not: nobody may sign for a guessed one.
     */
    private static Optional<String> utf8(String octets) {
        if (isAscii(octets)) {
            return Optional.of(octets);
        }
        try {
            ByteBuffer encoded = ByteBuffer.wrap(octets.getBytes(StandardCharsets.ISO_8859_1));
            return Optional.of(
                    StandardCharsets.UTF_8.newDecoder().decode(encoded).toString());
        } catch (CharacterCodingException notUtf8) {
            return Optional.empty();
        }
    }

    private static boolean isAscii(String octets) {
        for (int i = 0; i < octets.length(); i++) {
            if (octets.charAt(i) >= 0x80) {
                return false;
            }
        }
        return true;
    }
}
