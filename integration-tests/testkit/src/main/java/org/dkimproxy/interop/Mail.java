package org.dkimproxy.interop;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;

/**
 * A raw message of the {@link MessageSet}.
 *
 * @param name short, unique, of letters, digits and hyphens
 * @param bytes the message with CRLF line ends, not dot-stuffed
 * @param traits what tests have to know of it
 */
@SuppressWarnings("ArrayRecordComponent") // copied in and out, and never compared
public record Mail(String name, byte[] bytes, Set<Trait> traits) {

    /** What a test may have to know of a message. */
    public enum Trait {
        /** Its last line has no CRLF: it cannot come by SMTP. */
        UNTERMINATED,
        /** Its author's domain does not lie under example.org. */
        FOREIGN_AUTHOR,
        /** We do not sign it on purpose: no From field, or more than one. */
        REFUSED
    }

    public Mail {
        bytes = bytes.clone();
        traits = Set.copyOf(traits);
        if (!name.matches("[a-z0-9-]+")) {
            throw new IllegalArgumentException("name of a message: " + name);
        }
    }

    /** A message whose characters stand for its octets; those above 255 are no octets. */
    public static Mail of(String name, String octets, Trait... traits) {
        if (octets.chars().anyMatch(c -> c > 0xff)) {
            throw new IllegalArgumentException("not octets: " + name);
        }
        return new Mail(name, octets.getBytes(StandardCharsets.ISO_8859_1), Set.of(traits));
    }

    /** The same header with another body, whose characters stand for octets. */
    public Mail withBody(String octets) {
        String all = new String(bytes, StandardCharsets.ISO_8859_1);
        int header = all.indexOf("\r\n\r\n") + 4;
        return of(name, all.substring(0, header) + octets, traits.toArray(Trait[]::new));
    }

    public boolean is(Trait trait) {
        return traits.contains(trait);
    }

    /** The message as a relay gets it: with a CRLF at its end. */
    public byte[] completed() {
        if (!is(Trait.UNTERMINATED)) {
            return bytes.clone();
        }
        byte[] all = Arrays.copyOf(bytes, bytes.length + 2);
        all[bytes.length] = '\r';
        all[bytes.length + 1] = '\n';
        return all;
    }

    @Override
    public byte[] bytes() {
        return bytes.clone();
    }

    @Override
    public String toString() {
        return name + " (" + bytes.length + " octets)";
    }
}
