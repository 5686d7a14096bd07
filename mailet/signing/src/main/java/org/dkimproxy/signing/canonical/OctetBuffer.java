package org.dkimproxy.signing.canonical;

import java.util.Arrays;

/** Octets in a growing array that can be read without a copy. Not thread-safe. */
public final class OctetBuffer implements OctetSink<RuntimeException> {
    private byte[] octets = new byte[1024];
    private int size;

    @Override
    public void write(byte[] buffer, int offset, int length) {
        if (length > octets.length - size) {
            octets = Arrays.copyOf(octets, Math.max(Math.addExact(size, length), Math.multiplyExact(2, size)));
        }
        System.arraycopy(buffer, offset, octets, size, length);
        size += length;
    }

    /** Adds one octet. */
    void write(byte octet) {
        if (size == octets.length) {
            octets = Arrays.copyOf(octets, Math.multiplyExact(2, size));
        }
        octets[size++] = octet;
    }

    /** Adds CRLF. */
    public void writeLineEnd() {
        write((byte) '\r');
        write((byte) '\n');
    }

    /** The array that holds the octets from index 0 on; not to be changed, and stale after the next write. */
    public byte[] array() {
        return octets;
    }

    /** How many octets of {@link #array} count. */
    public int size() {
        return size;
    }
}
