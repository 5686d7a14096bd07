package org.dkimproxy.signing.canonical;

/**
 * Where octets go: a digest, a buffer, a file or a socket.
 *
 * @param <X> the failure of the destination; {@link RuntimeException} if it cannot fail
 */
@FunctionalInterface
public interface OctetSink<X extends Exception> {
    /** Takes octets; the array may be reused by the caller after the call. */
    void write(byte[] buffer, int offset, int length) throws X;
}
