package org.dkimproxy.standalone.smtp;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * A bounded buffer in front of a stream, whose octets are looked at in place. It is small as long as little comes at a
 * time, so that many connections on which nothing happens take little memory.
 *
 * <p>The octets from {@link #position} to {@link #limit} of {@link #array} were read and are not used yet. Not
 * thread-safe.
 */
public final class WireInput {
    private static final int SMALL = 1024;
    private static final int MEDIUM = 16 * 1024;
    private static final int GROWTH = 4;

    private final InputStream in;
    private final int capacity;
    private byte[] array;
    private int position;
    private int limit;

    /** A buffer of {@code capacity} octets, which is also the longest line that can be read through it. */
    public WireInput(InputStream in, int capacity) {
        this.in = in;
        this.capacity = capacity;
        this.array = new byte[Math.min(SMALL, capacity)];
    }

    /** How many octets the buffer can hold once it has grown. */
    int capacity() {
        return capacity;
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
     * the array, or with it to a larger one.
     *
     * @return whether there was one; false at the end of the stream
     * @throws IllegalStateException if the buffer is full of unused octets
     */
    public boolean fill() throws IOException {
        int waiting = buffered();
        if (waiting == capacity) {
            throw new IllegalStateException("no room in the buffer");
        }
        boolean wasFilled = limit == array.length;
        byte[] target = wasFilled && array.length < capacity ? new byte[grown()] : array;
        System.arraycopy(array, position, target, 0, waiting);
        array = target;
        position = 0;
        limit = waiting;
        int count = in.read(array, limit, array.length - limit);
        limit += Math.max(count, 0);
        return count > 0;
    }

    /** Makes room for more than a line; for when more is expected. */
    public void grow() {
        if (array.length < MEDIUM) {
            array = Arrays.copyOf(array, Math.min(MEDIUM, capacity));
        }
    }

    /** Gives memory back if it is much and nothing waits; for when little is expected. */
    public void shrink() {
        if (buffered() == 0 && array.length > MEDIUM) {
            array = new byte[SMALL];
            position = 0;
            limit = 0;
        }
    }

    private int grown() {
        return (int) Math.min(capacity, (long) GROWTH * array.length);
    }
}
