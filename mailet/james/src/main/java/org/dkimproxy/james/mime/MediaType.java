package org.dkimproxy.james.mime;

import java.util.Locale;
import java.util.Optional;
import org.dkimproxy.sendermap.text.PrintableText;

/**
 * What a Content-Type field says (RFC 2045 section 5.1), as far as it matters to the structure of a message.
 *
 * @param type lower case
 * @param subtype lower case; empty if the field names none
 * @param boundary of a multipart only; read leniently, since what stands there is often not quoted as it should be
 */
record MediaType(String type, String subtype, Optional<String> boundary) {
    private static final int LONGEST_SHOWN = 60;

    /** What a part is that does not say (RFC 2045 section 5.2). */
    static final MediaType TEXT = new MediaType("text", "plain", Optional.empty());

    /** What a part of a digest is that does not say (RFC 2046 section 5.1.5). */
    private static final MediaType MESSAGE = new MediaType("message", "rfc822", Optional.empty());

    /** Reads the value of a field, unfolded. */
    static MediaType of(String value) {
        ParameterScanner scanner = new ParameterScanner(value);
        String[] names = scanner.next().toLowerCase(Locale.ROOT).split("/", 2);
        Optional<String> boundary = Optional.empty();
        while (scanner.hasNext()) {
            String parameter = scanner.next();
            int equals = parameter.indexOf('=');
            if (names[0].equals("multipart")
                    && boundary.isEmpty()
                    && equals > 0
                    && parameter.substring(0, equals).equalsIgnoreCase("boundary")) {
                boundary = Optional.of(parameter.substring(equals + 1)).filter(text -> !text.isEmpty());
            }
        }
        return new MediaType(names[0], names.length > 1 ? names[1] : "", boundary);
    }

    /**
     * Whether the body consists of entities that can be converted one by one. Not so multipart/signed: its first part is what
     * the second one signs (RFC 1847 section 2.1).
     */
    boolean isComposite() {
        return is("message", "rfc822") || (boundary.isPresent() && !subtype.equals("signed"));
    }

    /**
     * Whether an encoding may stand at an entity of this type: not so messages and multiparts (RFC 2045 section 6.4). The kinds
     * of message that are not rfc822 have to be 7-bit data from the beginning (RFC 2046 section 5.2); those of RFC 6532 need
     * not, but readers that decode them are rare.
     */
    boolean mayBeEncoded() {
        return !type.equals("multipart") && !type.equals("message");
    }

    /** Whether the body has lines of text; taken for granted where the field cannot be read. */
    boolean isText() {
        return type.equals("text") || subtype.isEmpty();
    }

    /** What a part of this multipart is that does not say. */
    MediaType unnamedPart() {
        return is("multipart", "digest") ? MESSAGE : TEXT;
    }

    private boolean is(String otherType, String otherSubtype) {
        return type.equals(otherType) && subtype.equals(otherSubtype);
    }

    /** {@code type/subtype}, for a log. */
    @Override
    public String toString() {
        return PrintableText.of(type + "/" + subtype, LONGEST_SHOWN, '?');
    }
}
