package org.dkimproxy.standalone.smtp;

import java.io.IOException;

/** The other side does not keep to the framing of SMTP, so that nothing after this point can be trusted. */
public final class FramingException extends IOException {
    private static final long serialVersionUID = 1L;

    private final String fault;

    /** A fault in a few words, which hold nothing of what was sent. */
    public FramingException(String fault) {
        super(fault);
        this.fault = fault;
    }

    /** What was wrong, in a few words; nothing of what was sent. */
    public String fault() {
        return fault;
    }
}
