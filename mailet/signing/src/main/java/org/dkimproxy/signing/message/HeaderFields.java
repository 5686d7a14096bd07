package org.dkimproxy.signing.message;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The fields of a header block in message order, indexed by name. */
public final class HeaderFields {
    /** The most fields that are read; a field takes much more memory than its octets. */
    public static final int MOST = 100_000;

    private static final byte[] FROM = {'f', 'r', 'o', 'm'};

    private final List<HeaderField> inOrder;
    private final Map<String, List<HeaderField>> byName;
    private final Optional<String> defect;
    private final Optional<String> lookAlike;
    private final boolean tooMany;

    private HeaderFields(
            List<HeaderField> inOrder, Optional<String> defect, Optional<String> lookAlike, boolean tooMany) {
        this.inOrder = inOrder;
        this.defect = defect;
        this.lookAlike = lookAlike;
        this.tooMany = tooMany;
        this.byName = new HashMap<>(2 * inOrder.size());
        for (HeaderField field : inOrder) {
            byName.computeIfAbsent(field.name(), name -> new ArrayList<>(1)).add(field);
        }
    }

    /**
     * Splits a block of {@code size} octets whose lines end in CRLF. What is no field (RFC 5322 section 2.2) is left out
     * and told by {@link #defect}.
     */
    static HeaderFields parse(byte[] block, int size) {
        List<HeaderField> fields = new ArrayList<>();
        Optional<String> defect = Optional.empty();
        Optional<String> lookAlike = Optional.empty();
        int lineNumber = 1;
        int begin = 0;
        while (begin < size) {
            if (fields.size() == MOST) {
                return new HeaderFields(fields, defect, lookAlike, true);
            }
            int firstLine = lineNumber;
            int end = begin;
            do {
                end = afterLine(block, end, size);
                lineNumber++;
            } while (end < size && isBlank(block[end]));
            int lastOctet = end - 2;
            HeaderField field = readField(block, begin, lastOctet);
            if (field != null) {
                fields.add(field);
            }
            if (defect.isEmpty() && (field == null || hasStrayLineEndOrNul(block, begin, lastOctet))) {
                defect = Optional.of(
                        field == null
                                ? "header line " + firstLine + " is not a field (RFC 5322 section 2.2)"
                                : "header line " + firstLine + " holds a stray CR, LF or NUL (RFC 5322 section 2.2)");
            }
            if (field == null && lookAlike.isEmpty() && looksLikeFrom(block, begin, lastOctet)) {
                lookAlike = Optional.of("header line " + firstLine + " looks like a From field");
            }
            begin = end;
        }
        return new HeaderFields(fields, defect, lookAlike, false);
    }

    /** All fields, from the top down. */
    public List<HeaderField> inOrder() {
        return inOrder;
    }

    /** The fields of this name, given in lower case, from the top down; empty if there are none. */
    public List<HeaderField> named(String name) {
        return byName.getOrDefault(name, List.of());
    }

    /** What keeps a message from being signed: that it does not have exactly one From field; in words for the log. */
    public Optional<String> fromFault() {
        int count = named("from").size();
        return switch (count) {
            case 0 -> Optional.of("no From field (RFC 6376 section 5.4)");
            case 1 -> Optional.empty();
            default -> Optional.of(count + " From fields (RFC 6376 section 8.15)");
        };
    }

    /** The first thing in the block that is not a field, in words for the log. */
    public Optional<String> defect() {
        return defect;
    }

    /**
     * A line that is no field and that a reader may take for a From field, such as {@code From<VT>:}; in words for the log. A
     * signature of the true From field would seem to cover it.
     */
    public Optional<String> lookAlikeOfFrom() {
        return lookAlike;
    }

    /** Whether there are more than {@link #MOST} fields; the others were not read. */
    public boolean tooMany() {
        return tooMany;
    }

    private static int afterLine(byte[] block, int from, int size) {
        for (int i = from + 1; i < size; i++) {
            if (block[i] == '\n' && block[i - 1] == '\r') {
                return i + 1;
            }
        }
        return size;
    }

    @org.jspecify.annotations.Nullable
    private static HeaderField readField(byte[] block, int begin, int end) {
        int nameEnd = begin;
        while (nameEnd < end && isNameOctet(block[nameEnd])) {
            nameEnd++;
        }
        int colon = nameEnd;
        while (colon < end && isBlank(block[colon])) {
            colon++;
        }
        boolean isField = nameEnd > begin && colon < end && block[colon] == ':';
        return isField ? HeaderField.of(block, begin, nameEnd, colon, end) : null;
    }

    /** Whether the name is "from" once all but its printable US-ASCII is taken away. */
    private static boolean looksLikeFrom(byte[] block, int begin, int end) {
        int matched = 0;
        for (int i = begin; i < end && block[i] != ':'; i++) {
            if (isNameOctet(block[i])) {
                boolean fits = matched < FROM.length && (block[i] | 0x20) == FROM[matched];
                if (!fits) {
                    return false;
                }
                matched++;
            }
        }
        return matched == FROM.length;
    }

    private static boolean hasStrayLineEndOrNul(byte[] block, int begin, int end) {
        for (int i = begin; i < end; i++) {
            byte octet = block[i];
            if (octet == '\r') {
                if (i + 1 >= end || block[i + 1] != '\n') {
                    return true;
                }
                i++;
            } else if (octet == '\n' || octet == 0) {
                return true;
            }
        }
        return false;
    }

    private static boolean isNameOctet(byte octet) {
        return octet > ' ' && octet < 127 && octet != ':';
    }

    private static boolean isBlank(byte octet) {
        return octet == ' ' || octet == '\t';
    }
}
