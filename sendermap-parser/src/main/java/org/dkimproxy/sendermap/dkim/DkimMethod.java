package org.dkimproxy.sendermap.dkim;

import java.util.Arrays;
import java.util.Optional;
import org.dkimproxy.sendermap.text.Ascii;

/**
 * A DKIM canonicalization: one for the header, one for the body (RFC 6376 section 3.4).
 *
 * @param header how the header is canonicalized
 * @param body how the body is canonicalized
 * @param tag the value of the c= tag as it was configured, in lower case: {@code relaxed} stays {@code relaxed}
 */
public record DkimMethod(Part header, Part body, String tag) {

    /** One half of a DKIM canonicalization. */
    public enum Part {
        /** RFC 6376 sections 3.4.1 and 3.4.3. */
        SIMPLE,
        /** RFC 6376 sections 3.4.2 and 3.4.4. */
        RELAXED,
        /** All white space removed: from drafts before RFC 4871, verified by Mail::DKIM only. */
        NOWSP;

        private static Optional<Part> ofWord(String word) {
            return Arrays.stream(values())
                    .filter(part -> Ascii.lower(part.name()).equals(Ascii.lower(word)))
                    .findFirst();
        }
    }

    /** {@code c=relaxed}: relaxed header, simple body. */
    public static final DkimMethod RELAXED = new DkimMethod(Part.RELAXED, Part.SIMPLE, "relaxed");

    /** This method with simple header canonicalization; c= then names both parts. */
    public DkimMethod withSimpleHeader() {
        return new DkimMethod(Part.SIMPLE, body, Ascii.lower(Part.SIMPLE + "/" + body));
    }

    /** Reads {@code header} or {@code header/body}; a missing body part is {@code simple} (RFC 6376 section 3.5, c=). */
    public static Optional<DkimMethod> ofTag(String tag) {
        int slash = tag.indexOf('/');
        Optional<Part> header = Part.ofWord(slash < 0 ? tag : tag.substring(0, slash));
        Optional<Part> body = slash < 0 ? Optional.of(Part.SIMPLE) : Part.ofWord(tag.substring(slash + 1));
        return header.flatMap(h -> body.map(b -> new DkimMethod(h, b, Ascii.lower(tag))));
    }
}
