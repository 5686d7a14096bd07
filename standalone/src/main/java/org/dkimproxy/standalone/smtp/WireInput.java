package org.dkimproxy.standalone.smtp;

import java.io.IOException;
import java.io.InputStream;

/**
 * A bounded buffer in front of a stream, whose octets are looked at in place.
 *
 * <p>The octets from {@link #position} to {@link #limit} of {@link #array} were read and are not used yet. Not
 * thread-safe.
 */
public final class WireInput {
    private final InputStream in;
    private final byte[] array;
    private int position;
    private int limit;

    /** A buffer of {@code capacity} octets, which is also the longest line that can be read through it. */
    public WireInput(InputStream in, int capacity) {
        this.in = in;
        this.array = new byte[capacity];
    }

    /** The buffer itself; valid until the next {@link #fill}. */
    public byte[] array() {
        return array;
    }

    /** Index of the first unused octet. */
    public int position() {
        return position;
    }

    /** Index after the last octet read. */
    public int limit() {
        return limit;
    }

    /** How many octets wait in the buffer. */
    public int buffered() {
        return limit - position;
    }

    /** Marks the next {@code count} octets as used. */
    public void skip(int count) {
        if (count < 0 || count > buffered()) {
            throw new IllegalArgumentException(count + " of " + buffered() + " octets");
        }
        position += count;
    }

    /**
     * Reads more octets behind those that wait, blocking until there is one. Octets that wait may move to the front of
     * the array.
     *
     * @return whether there was one; false at the end of the stream
     * @throws IllegalStateException if the buffer is full of unused octets
     */
    public boolean fill() throws IOException {
        if (position > 0) {
            System.arraycopy(array, position, array, 0, buffered());
            limit -= position;
            position = 0;
        }
        if (limit == array.length) {
            throw new IllegalStateException("no room in the buffer");
        }
        int count = in.read(array, limit, array.length - limit);
        limit += Math.max(count, 0);
        return count > 0;
    }
}
