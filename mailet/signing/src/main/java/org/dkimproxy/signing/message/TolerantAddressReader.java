package org.dkimproxy.signing.message;

import java.util.Optional;

/**
 * Finds the addresses of a From or Sender field that RFC 5322 does not parse, such as {@code Doe, Ann <ann@example.org>}.
 *
 * <p>Commas, semicolons and colons part the field. In each part the addresses in angle brackets count, or else the words of the
 * form {@code local@domain}. Quoted strings and comments hide what is in them; if one of them does not end, all quotation marks
 * and parentheses count as blanks. At most two passes, no recursion, constant memory.
 */
final class TolerantAddressReader {
    private static final String ATOM_SYMBOLS = "!#$%&'*+-/=?^_`{|}~";
    private static final int UNBALANCED = -1;

    private final HeaderField field;
    private final byte[] octets;
    private final int end;
    private final boolean hidesQuoted;
    private final AddressSet found = new AddressSet();
    private AddressSet inBrackets = new AddressSet();
    private AddressSet outside = new AddressSet();
    private boolean isInBrackets;

    private TolerantAddressReader(HeaderField field, boolean hidesQuoted) {
        this.field = field;
        this.octets = field.block();
        this.end = field.end();
        this.hidesQuoted = hidesQuoted;
    }

    /** The addresses of the field, perhaps none. */
    static AddressSet read(HeaderField field) {
        TolerantAddressReader balanced = new TolerantAddressReader(field, true);
        if (balanced.read()) {
            return balanced.found;
        }
        TolerantAddressReader unbalanced = new TolerantAddressReader(field, false);
        unbalanced.read();
        return unbalanced.found;
    }

    /** Whether all quoted strings and comments end. */
    private boolean read() {
        int at = field.valueBegin();
        while (at < end) {
            byte octet = octets[at];
            int begin = at;
            if (hidesQuoted && (octet == '"' || octet == '(')) {
                at = octet == '"' ? afterQuoted(at) : afterComment(at);
                if (at == UNBALANCED) {
                    return false;
                }
                if (octet == '"' && at < end && octets[at] == '@') {
                    at = readWord(begin, at);
                }
            } else if (isInWord(octet)) {
                at = readWord(begin, at);
            } else {
                separate(octet);
                at++;
            }
        }
        endPart();
        return true;
    }

    private void separate(byte octet) {
        switch (octet) {
            case '<' -> isInBrackets = true;
            case '>' -> isInBrackets = false;
            case ',', ';', ':' -> {
                if (!isInBrackets) {
                    endPart();
                }
            }
            default -> {
                // a blank, or what counts as one
            }
        }
    }

    private void endPart() {
        found.addAll(inBrackets.isEmpty() ? outside : inBrackets);
        inBrackets = new AddressSet();
        outside = new AddressSet();
    }

    /** Reads on from {@code at} to the end of a word that began at {@code begin}; returns that end. */
    private int readWord(int begin, int at) {
        int wordEnd = at;
        boolean hasAt = false;
        while (wordEnd < end && isInWord(octets[wordEnd])) {
            hasAt |= octets[wordEnd] == '@';
            wordEnd++;
        }
        if (hasAt) {
            Optional<Address> address = AddressReader.addrSpec(octets, begin, wordEnd);
            address.ifPresent((isInBrackets ? inBrackets : outside)::add);
        }
        return wordEnd;
    }

    /**
     * RFC 5322 section 3.2.3, atext, with what RFC 6532 section 3.2 adds, dots and at signs; control characters as well, so
     * that no address ends at one.
     */
    private static boolean isInWord(byte octet) {
        return (octet < ' ' && octet != '\t' && octet != '\r' && octet != '\n')
                || octet == 127
                || (octet >= 'a' && octet <= 'z')
                || (octet >= 'A' && octet <= 'Z')
                || (octet >= '0' && octet <= '9')
                || octet == '.'
                || octet == '@'
                || ATOM_SYMBOLS.indexOf(octet) >= 0;
    }

    private int afterQuoted(int begin) {
        for (int at = begin + 1; at < end; at++) {
            if (octets[at] == '"') {
                return at + 1;
            }
            if (octets[at] == '\\') {
                at++;
            }
        }
        return UNBALANCED;
    }

    private int afterComment(int begin) {
        int depth = 0;
        for (int at = begin; at < end; at++) {
            switch (octets[at]) {
                case '(' -> depth++;
                case ')' -> depth--;
                case '\\' -> at++;
                default -> {
                    // part of the comment
                }
            }
            if (depth == 0) {
                return at + 1;
            }
        }
        return UNBALANCED;
    }
}
