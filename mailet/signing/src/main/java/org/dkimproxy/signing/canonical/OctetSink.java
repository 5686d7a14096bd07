package org.dkimproxy.signing.canonical;

/** Where canonical octets go: a digest, several, or a buffer. */
@FunctionalInterface
public interface OctetSink {
    /** Takes octets; the array may be reused by the caller after the call. */
    void write(byte[] buffer, int offset, int length);
}
