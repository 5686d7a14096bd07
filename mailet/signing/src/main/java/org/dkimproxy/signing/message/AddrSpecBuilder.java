package org.dkimproxy.signing.message;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Puts an addr-spec together from its words and tells whether it was one (RFC 5322 sections 3.4.1 and 4.4). */
final class AddrSpecBuilder {
    private final ByteArrayOutputStream localPart = new ByteArrayOutputStream();
    private final ByteArrayOutputStream domain = new ByteArrayOutputStream();
    private boolean inDomain;
    private boolean seenAnything;
    private boolean afterWord;
    private boolean afterQuoted;
    private boolean gapAfterWord;
    private boolean broken;

    /** A blank or a comment: between two words it shows a phrase, around a dot or an at sign it means nothing. */
    void blank() {
        gapAfterWord = afterWord;
    }

    /** One octet of an atom or of a domain literal. */
    void octet(byte octet) {
        beginWord(afterQuoted);
        append(octet);
    }

    /** A quoted string begins. */
    void beginQuoted() {
        beginWord(afterWord || inDomain);
    }

    /** One octet of a quoted string, its backslash taken away. */
    void literal(byte octet) {
        broken |= (octet >= 0 && octet < ' ') || octet == 127;
        append(octet);
    }

    /** A quoted string ends. */
    void endQuoted() {
        afterQuoted = true;
    }

    /** A dot between words. */
    void dot() {
        seenAnything = true;
        separator();
        append((byte) '.');
    }

    /** The at sign. */
    void at() {
        broken |= inDomain;
        seenAnything = true;
        inDomain = true;
        separator();
    }

    /** Whether the at sign was seen. */
    boolean isInDomain() {
        return inDomain;
    }

    /** Whether nothing but blanks and comments was seen. */
    boolean isEmpty() {
        return !seenAnything;
    }

    /** Whether it began with an at sign, as the route of an obsolete angle address does. */
    boolean isRoute() {
        return inDomain && localPart.size() == 0;
    }

    /** The address, or nothing when the words are a phrase or anything else but an addr-spec. */
    Optional<Address> build() {
        if (broken || localPart.size() == 0 || domain.size() == 0) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Address(decode(localPart), decode(domain)));
        } catch (CharacterCodingException notUtf8) {
            return Optional.empty();
        }
    }

    private void beginWord(boolean touchesAnother) {
        broken |= gapAfterWord || touchesAnother;
        seenAnything = true;
        gapAfterWord = false;
        afterWord = true;
    }

    private void separator() {
        afterWord = false;
        afterQuoted = false;
        gapAfterWord = false;
    }

    private void append(byte octet) {
        (inDomain ? domain : localPart).write(octet);
    }

    /** RFC 6532 section 3.2: what is not ASCII in an address is UTF-8. */
    private static String decode(ByteArrayOutputStream octets) throws CharacterCodingException {
        return StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(octets.toByteArray()))
                .toString();
    }
}
