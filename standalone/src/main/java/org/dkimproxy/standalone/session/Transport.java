package org.dkimproxy.standalone.session;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;

/**
 * Octets in both directions between two programs: a socket, or what a test puts in its place. One thread reads and
 * writes; any may end its input, ask for it and close.
 */
interface Transport extends Closeable {
    /** For {@link #read}: without an end. */
    int FOR_EVER = 0;

    /**
     * Reads at least one octet.
     *
     * @param millis how long to wait for it; at least 1, or {@link #FOR_EVER}
     * @return how many were read; -1 at the end of what the peer sends
     * @throws java.net.SocketTimeoutException if none came in time; the next read may still have some
     */
    int read(byte[] array, int offset, int length, int millis) throws IOException;

    /** Whether a read would not have to wait; says nothing of the end. */
    boolean hasInput() throws IOException;

    /** Writes all octets, and waits until they are on their way or the transport is closed. */
    void write(byte[] array, int offset, int length) throws IOException;

    /** Ends the read that waits, and all after it, as if the peer had sent all that it has. */
    void endInput() throws IOException;

    /** Tells the peer that nothing more will be written. */
    void endOutput() throws IOException;

    /** The peer's address. */
    InetAddress peer();
}
