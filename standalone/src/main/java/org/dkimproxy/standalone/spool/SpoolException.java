package org.dkimproxy.standalone.spool;

import java.io.IOException;

/** A spooled message cannot be read back as it was written. */
public final class SpoolException extends IOException {
    private static final long serialVersionUID = 1L;

    SpoolException(String message) {
        super(message);
    }

    SpoolException(String message, Throwable cause) {
        super(message, cause);
    }
}
