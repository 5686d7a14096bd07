package org.dkimproxy.signing.message;

import java.util.Optional;

/**
 * Reads the addresses of a From or Sender field as RFC 5322 section 3.4 defines them, with the obsolete forms of section 4.4.
 *
 * <p>Comments, groups, quoted local parts, routes, domain literals and folds are understood; encoded words (RFC 2047) are
 * never decoded, since nothing inside one is an address. One pass, no recursion: a comment of any depth is counted.
 */
final class AddressReader {
    private static final int END = -1;
    private static final int MALFORMED = -2;

    private final byte[] octets;
    private final int end;
    private int at;

    private AddressReader(byte[] octets, int begin, int end) {
        this.octets = octets;
        this.at = begin;
        this.end = end;
    }

    /**
     * Reads a whole field.
     *
     * @return its addresses, perhaps none; empty if the field is not a list of addresses
     */
    static Optional<AddressSet> read(HeaderField field) {
        AddressSet addresses = new AddressSet();
        boolean isList = new AddressReader(field.block(), field.valueBegin(), field.end()).readList(addresses);
        return isList ? Optional.of(addresses) : Optional.empty();
    }

    /** The addr-spec that the octets from {@code begin} to {@code end} are; empty if they are none. */
    static Optional<Address> addrSpec(byte[] octets, int begin, int end) {
        AddrSpecBuilder spec = new AddrSpecBuilder();
        return new AddressReader(octets, begin, end).next(spec) == END ? spec.build() : Optional.empty();
    }

    /** Reads an address-list (RFC 5322 section 3.4) to the end of the field. */
    private boolean readList(AddressSet addresses) {
        boolean inGroup = false;
        while (true) {
            AddrSpecBuilder words = new AddrSpecBuilder();
            int delimiter = next(words);
            if (delimiter == ':') {
                if (inGroup || !words.mayBePhrase()) {
                    return false;
                }
                inGroup = true;
                at++;
                continue;
            }
            if (!words.isEmpty() || delimiter == '<') {
                Optional<Address> address = delimiter == '<' ? angleAddress(words) : words.build();
                if (address.isEmpty()) {
                    return false;
                }
                addresses.add(address.get());
                delimiter = delimiter == '<' ? afterBlanks() : delimiter;
            }
            if (delimiter == ';' && inGroup) {
                inGroup = false;
                at++;
                delimiter = afterBlanks();
            }
            if (delimiter == END) {
                return !inGroup;
            }
            if (delimiter != ',') {
                return false;
            }
            at++;
        }
    }

    /** Skips blanks and comments, and returns the delimiter after them; {@link #MALFORMED} if there is a word. */
    private int afterBlanks() {
        AddrSpecBuilder words = new AddrSpecBuilder();
        int delimiter = next(words);
        return words.isEmpty() ? delimiter : MALFORMED;
    }

    /** Reads from {@code <} through {@code >}; a route (RFC 5322 section 4.4) is skipped. */
    private Optional<Address> angleAddress(AddrSpecBuilder displayName) {
        at++;
        AddrSpecBuilder spec = new AddrSpecBuilder();
        int delimiter = next(spec);
        while ((spec.isRoute() || spec.isEmpty()) && delimiter == ',') {
            at++;
            delimiter = next(spec);
        }
        if (spec.isRoute() && delimiter == ':') {
            at++;
            spec = new AddrSpecBuilder();
            delimiter = next(spec);
        }
        if (delimiter != '>' || !(displayName.isEmpty() || displayName.mayBePhrase())) {
            return Optional.empty();
        }
        at++;
        return spec.build();
    }

    /** Feeds words to {@code spec} up to a delimiter, which is left in place and returned: one of {@code < > : , ;}, END, MALFORMED. */
    private int next(AddrSpecBuilder spec) {
        while (at < end) {
            byte octet = octets[at];
            switch (octet) {
                case ' ', '\t', '\r', '\n' -> {
                    spec.blank();
                    at++;
                }
                case '(' -> {
                    spec.blank();
                    if (!passComment()) {
                        return MALFORMED;
                    }
                }
                case '"' -> {
                    if (!readQuoted(spec)) {
                        return MALFORMED;
                    }
                }
                case '[' -> {
                    if (!readLiteral(spec)) {
                        return MALFORMED;
                    }
                }
                case '<', '>', ':', ',', ';' -> {
                    return octet;
                }
                case ')', ']', '\\' -> {
                    return MALFORMED;
                }
                case '@' -> {
                    spec.at();
                    at++;
                }
                case '.' -> {
                    spec.dot();
                    at++;
                }
                default -> {
                    if ((octet >= 0 && octet < ' ') || octet == 127) {
                        return MALFORMED;
                    }
                    spec.octet(octet);
                    at++;
                }
            }
        }
        return END;
    }

    private boolean passComment() {
        int depth = 0;
        while (at < end) {
            switch (octets[at++]) {
                case '(' -> depth++;
                case ')' -> {
                    if (--depth == 0) {
                        return true;
                    }
                }
                case '\\' -> at++;
                default -> {
                    // any other octet is part of the comment
                }
            }
        }
        return false;
    }

    private boolean readQuoted(AddrSpecBuilder spec) {
        spec.beginQuoted();
        for (at++; at < end; at++) {
            byte octet = octets[at];
            if (octet == '"') {
                at++;
                return true;
            }
            if (octet == '\\' && at + 1 < end) {
                spec.literal(octets[++at]);
            } else if (octet != '\r' && octet != '\n') {
                spec.literal(octet);
            }
        }
        return false;
    }

    private boolean readLiteral(AddrSpecBuilder spec) {
        spec.octet(octets[at++]);
        while (at < end && isLiteralText(octets[at])) {
            spec.octet(octets[at++]);
        }
        if (at == end || octets[at] != ']' || !spec.isInDomain()) {
            return false;
        }
        spec.octet(octets[at++]);
        return true;
    }

    /** RFC 5322 section 3.4.1, dtext, without the obsolete blanks and escapes. */
    private static boolean isLiteralText(byte octet) {
        return octet > ' ' && octet < 127 && octet != '[' && octet != ']' && octet != '\\';
    }
}
