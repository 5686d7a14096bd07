package org.dkimproxy.signing.message;

import java.util.Optional;

/**
 * Reads the first address of a From or Sender field from its octets (RFC 5322 section 3.4 with the obsolete forms of
 * section 4.4).
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

    private AddressReader(HeaderField field) {
        this.octets = field.block();
        this.at = field.valueBegin();
        this.end = field.end();
    }

    /** The first address of the field, or nothing when it has none or is not to be trusted. */
    static Optional<Address> firstAddress(HeaderField field) {
        return new AddressReader(field).firstAddress();
    }

    /** Reads up to the end of the first mailbox: display names and group names that come before it are passed over. */
    private Optional<Address> firstAddress() {
        AddrSpecBuilder spec = new AddrSpecBuilder();
        while (true) {
            switch (next(spec)) {
                case '<' -> {
                    return angleAddress();
                }
                case ':' -> {
                    spec = new AddrSpecBuilder();
                    at++;
                }
                case ',', ';', END -> {
                    if (!spec.isEmpty()) {
                        return spec.build();
                    }
                    if (at >= end) {
                        return Optional.empty();
                    }
                    at++;
                }
                default -> {
                    return Optional.empty();
                }
            }
        }
    }

    /** Reads from after {@code <} through {@code >}; a route of the obsolete form is passed over. */
    private Optional<Address> angleAddress() {
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
        if (delimiter != '>') {
            return Optional.empty();
        }
        at++;
        AddrSpecBuilder rest = new AddrSpecBuilder();
        int after = next(rest);
        boolean ended = rest.isEmpty() && (after == ',' || after == ';' || after == END);
        return ended ? spec.build() : Optional.empty();
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
