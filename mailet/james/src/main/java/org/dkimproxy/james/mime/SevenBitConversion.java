package org.dkimproxy.james.mime;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.dkimproxy.signing.message.HeaderField;

/**
 * Makes a message 7-bit data (RFC 2045 section 2.7), so that no relay has a reason to encode what was signed (RFC 6376 section
 * 5.3): octets up to 127 without NUL, in lines of at most 998.
 *
 * <p>Leaves of the MIME tree that are not are encoded; a part that calls itself {@code 8bit} or {@code binary} and is 7-bit
 * data gets the label {@code 7bit}, since relays go by the label. What may not be touched stays as it is: parts below
 * multipart/signed (RFC 1847 section 2.1), and what has an encoding already.
 *
 * <p>A multipart or a message that is the outermost entity loses such a label even where something wide is left in it: James
 * would encode it as a whole, which RFC 2045 section 6.4 forbids, and few readers could read it any more. Labels further in
 * stay, and tell what is there.
 */
public final class SevenBitConversion {
    /** RFC 5322 section 2.1.1. */
    private static final int LONGEST_LINE = 998;

    /** Deeper than any person nests parts; what lies deeper is left as it is, so that time stays linear. */
    private static final int DEEPEST = 20;

    private static final int OUTERMOST = 0;

    private static final String FIELD = "Content-Transfer-Encoding";

    private final byte[] message;
    private final Edits edits;
    private final List<String> leftovers = new ArrayList<>();

    private SevenBitConversion(byte[] message, Edits edits) {
        this.message = message;
        this.edits = edits;
    }

    /**
     * Converts a message.
     *
     * @param octets an array that ends with the message, with CRLF line ends
     * @param message the message in it
     * @param edits where the changes are put
     * @return what could not be converted, in a few words each; usually nothing
     */
    public static List<String> convert(byte[] octets, Entity message, Edits edits) {
        SevenBitConversion conversion = new SevenBitConversion(octets, edits);
        conversion.convert(message, MediaType.TEXT, OUTERMOST);
        return List.copyOf(conversion.leftovers);
    }

    /** Returns whether all of the entity is 7-bit data after the edits. */
    private boolean convert(Entity entity, MediaType unnamed, int depth) {
        MediaType type = entity.value("content-type").map(MediaType::of).orElse(unnamed);
        boolean header = isClean(entity.begin(), entity.headerEnd());
        if (!header) {
            leftovers.add("the header of a " + type + " part");
        }
        boolean inParts = isIdentity(entity) && depth < DEEPEST && type.isComposite();
        boolean body = inParts ? convertParts(entity, type, depth) : convertLeaf(entity, type, depth);
        return header && body;
    }

    private boolean convertParts(Entity entity, MediaType type, int depth) {
        List<Multipart.Stretch> parts = List.of(new Multipart.Stretch(entity.bodyBegin(), entity.end()));
        List<Multipart.Stretch> gaps = List.of();
        MediaType unnamed = MediaType.TEXT;
        if (type.boundary().isPresent()) {
            Multipart multipart = Multipart.cut(
                    message, entity.bodyBegin(), entity.end(), type.boundary().get());
            parts = multipart.parts();
            gaps = multipart.gaps();
            unnamed = type.unnamedPart();
        }
        boolean sevenBit = true;
        for (Multipart.Stretch part : parts) {
            sevenBit &= convert(Entity.of(message, part.begin(), part.end()), unnamed, depth + 1);
        }
        if (!gaps.stream().allMatch(gap -> isClean(gap.begin(), gap.end()))) {
            sevenBit = leave("text outside the parts of a " + type + " part");
        }
        if (sevenBit || depth == OUTERMOST) {
            relabelIfWide(entity);
        }
        return sevenBit;
    }

    private boolean convertLeaf(Entity entity, MediaType type, int depth) {
        if (isSevenBit(entity.bodyBegin(), entity.end())) {
            relabelIfWide(entity);
            return true;
        }
        if (!isIdentity(entity)) {
            return leave("a " + type + " part that has an encoding already");
        }
        if (!type.mayBeEncoded()) {
            if (depth == OUTERMOST) {
                relabelIfWide(entity);
            }
            return leave("a " + type + " part");
        }
        encode(entity, type);
        return true;
    }

    private boolean leave(String what) {
        leftovers.add(what);
        return false;
    }

    private void encode(Entity entity, MediaType type) {
        int begin = entity.bodyBegin();
        int end = entity.end();
        TransferEncoding encoding =
                type.isText() ? TransferEncoding.ofText(message, begin, end) : TransferEncoding.BASE64;
        ByteArrayOutputStream encoded = new ByteArrayOutputStream((end - begin) / 2 * 3);
        encoding.encode(message, begin, end, encoded);
        label(entity, encoding.tag());
        edits.replace(begin, end, encoded.toByteArray());
    }

    private void relabelIfWide(Entity entity) {
        String label = label(entity);
        if (label.equals("8bit") || label.equals("binary")) {
            label(entity, "7bit");
        }
    }

    private void label(Entity entity, String encoding) {
        String field = FIELD + ": " + encoding + "\r\n";
        List<HeaderField> there = entity.named(FIELD.toLowerCase(Locale.ROOT));
        if (there.isEmpty()) {
            edits.insert(entity.headerEnd(), field);
            return;
        }
        edits.replace(entity.beginOf(there.getFirst()), entity.endOf(there.getFirst()), field);
        there.stream().skip(1).forEach(more -> edits.remove(entity.beginOf(more), entity.endOf(more)));
    }

    private static boolean isIdentity(Entity entity) {
        return switch (label(entity)) {
            case "", "7bit", "8bit", "binary" -> true;
            default -> false;
        };
    }

    private static String label(Entity entity) {
        return TransferEncodingLabel.of(
                entity.value(FIELD.toLowerCase(Locale.ROOT)).orElse(""));
    }

    private boolean isClean(int begin, int end) {
        for (int i = begin; i < end; i++) {
            if (message[i] <= 0) {
                return false;
            }
        }
        return true;
    }

    private boolean isSevenBit(int begin, int end) {
        int lineBegin = begin;
        for (int i = begin; i < end; i++) {
            if (message[i] == '\n') {
                lineBegin = i + 1;
            } else if (message[i] <= 0 || (i - lineBegin >= LONGEST_LINE && message[i] != '\r')) {
                return false;
            }
        }
        return true;
    }
}
