package org.dkimproxy.signing.message;

import java.util.Arrays;

/**
 * Gathers the header block from chunks of any size and finds where the body begins (RFC 5322 section 2.1).
 *
 * <p>The block is everything before the empty line, each line with its CRLF; the empty line belongs to neither part. Not
 * thread-safe.
 */
public final class HeaderCollector {
    /** Returned by {@link #update} while the header goes on. */
    public static final int NOT_ENDED = -1;

    private static final int INITIAL_SIZE = 4096;
    private static final byte[] NOTHING = {};

    private final int maxBytes;
    private byte[] block = new byte[INITIAL_SIZE];
    private int size;
    private boolean tooLarge;

    /**
     * Begins a block.
     *
     * @param maxBytes the largest block to hold, in octets, with the empty line after it; a larger one is dropped as it
     *     comes, and {@link #tooLarge} says so
     */
    public HeaderCollector(int maxBytes) {
        this.maxBytes = maxBytes;
    }

    /**
     * Takes the next octets.
     *
     * @return the index in {@code buffer} of the first octet of the body, perhaps one past the chunk, or {@link #NOT_ENDED}
     */
    public int update(byte[] buffer, int offset, int length) {
        int end = offset + length;
        int from = offset;
        for (int i = offset; i < end && !tooLarge; i++) {
            if (buffer[i] == '\n') {
                append(buffer, from, i + 1);
                from = i + 1;
                if (endsInEmptyLine()) {
                    size -= 2;
                    return from;
                }
            }
        }
        append(buffer, from, end);
        return NOT_ENDED;
    }

    /** Ends a message that has no body and no empty line: completes a last line that lacks its CRLF. */
    public void finish() {
        boolean ended = size >= 2 && block[size - 2] == '\r' && block[size - 1] == '\n';
        if (size > 0 && !ended) {
            int present = block[size - 1] == '\r' ? 1 : 0;
            append(new byte[] {'\r', '\n'}, present, 2);
        }
    }

    /** Whether the block went over its limit; {@link #fields} has nothing of it then. */
    public boolean tooLarge() {
        return tooLarge;
    }

    /** How many octets of memory the block takes. */
    public int heldOctets() {
        return block.length;
    }

    /** The fields of the block. */
    public HeaderFields fields() {
        return HeaderFields.parse(block, size);
    }

    private boolean endsInEmptyLine() {
        return size >= 2
                && block[size - 2] == '\r'
                && (size == 2 || (size >= 4 && block[size - 3] == '\n' && block[size - 4] == '\r'));
    }

    private void append(byte[] buffer, int from, int to) {
        int count = to - from;
        if (tooLarge || count > maxBytes - size) {
            if (count > 0) {
                tooLarge = true;
                block = NOTHING;
                size = 0;
            }
            return;
        }
        if (count > block.length - size) {
            block = Arrays.copyOf(block, (int) Math.min(maxBytes, Math.max(2L * block.length, (long) size + count)));
        }
        System.arraycopy(buffer, from, block, size, count);
        size += count;
    }
}
