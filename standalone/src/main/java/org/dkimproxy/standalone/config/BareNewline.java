package org.dkimproxy.standalone.config;

/** What becomes of a message with a CR or LF that stands alone. */
public enum BareNewline {
    /** Each becomes CRLF, before the message is signed (RFC 6376 section 5.3). */
    NORMALIZE,
    /** The message is refused after its end. */
    REJECT
}
