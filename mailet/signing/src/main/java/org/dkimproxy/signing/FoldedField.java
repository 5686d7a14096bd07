package org.dkimproxy.signing;

import java.util.List;

/**
 * Writes a tag list as a header field, folded before column 72 with CRLF TAB (RFC 6376 section 3.2).
 *
 * <p>A line may be broken before a tag, after its equals sign, before a colon of a list, and anywhere in base64. These
 * places and the way columns are counted (a tab reaches to the next multiple of eight) are what dkimproxy writes.
 */
final class FoldedField {
    private static final int LAST_COLUMN = 72;
    private static final int COLUMN_AFTER_FOLD = 8;
    private static final String FOLD = "\r\n\t";

    private final StringBuilder field = new StringBuilder(1024);
    private final StringBuilder unbroken = new StringBuilder();
    private final int nameLength;
    private int column;

    FoldedField(String name) {
        field.append(name).append(':');
        nameLength = field.length();
        column = nameLength;
    }

    /** Adds a tag whose value is not broken. */
    FoldedField tag(String name, String value) {
        beginTag(name);
        unbroken.append(value);
        return this;
    }

    /** Adds a tag whose value may be broken before each colon. */
    FoldedField listTag(String name, List<String> values) {
        beginTag(name);
        for (int i = 0; i < values.size(); i++) {
            if (i > 0) {
                place();
                unbroken.append(':');
            }
            unbroken.append(values.get(i));
        }
        return this;
    }

    /** Adds a tag whose value may be broken anywhere. */
    FoldedField base64Tag(String name, String value) {
        beginTag(name);
        placeEach(value);
        return this;
    }

    /** Adds {@code ; b=} and returns the field as it is signed: with an empty b= (RFC 6376 section 3.7). */
    String withoutSignature() {
        place();
        field.append("; b=");
        column += 4;
        return field.toString();
    }

    /** Adds the value of b= and returns the whole field; comes after {@link #withoutSignature}. */
    String withSignature(String base64) {
        placeEach(base64);
        return field.toString();
    }

    private void beginTag(String name) {
        if (field.length() > nameLength || unbroken.length() > 0) {
            unbroken.append(';');
        }
        place();
        unbroken.append(' ').append(name).append('=');
        place();
    }

    private void placeEach(String base64) {
        int end = base64.length();
        for (int at = 0; at < end; ) {
            if (column >= LAST_COLUMN) {
                fold();
            }
            int count = Math.min(LAST_COLUMN - column, end - at);
            field.append(base64, at, at + count);
            column += count;
            at += count;
        }
    }

    /** Writes the text gathered since the last place for a break, on a new line if it does not fit on this one. */
    private void place() {
        int length = unbroken.length();
        if (length == 0) {
            return;
        }
        boolean first = field.length() == nameLength;
        if (column + length > LAST_COLUMN && !first && column > COLUMN_AFTER_FOLD) {
            fold();
        }
        field.append(unbroken);
        column += length;
        unbroken.setLength(0);
    }

    private void fold() {
        field.append(FOLD);
        column = COLUMN_AFTER_FOLD;
    }
}
