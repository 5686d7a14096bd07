package org.dkimproxy.standalone.proxy;

import java.io.IOException;

/** The relay is gone, silent, or says what it must not say: nothing more can be asked of it. */
final class RelayException extends IOException {
    private static final long serialVersionUID = 1L;

    private final boolean beforeGreeting;

    RelayException(String message) {
        super(message);
        beforeGreeting = false;
    }

    RelayException(String message, IOException cause) {
        super(message + ": " + (cause.getMessage() == null ? cause : cause.getMessage()), cause);
        beforeGreeting = false;
    }

    private RelayException(RelayException fault) {
        super(fault.getMessage(), fault);
        beforeGreeting = true;
    }

    /** The same fault, at a time when the client has not been greeted yet. */
    RelayException asBeforeGreeting() {
        return new RelayException(this);
    }

    /** Whether the client has not been greeted yet. */
    boolean isBeforeGreeting() {
        return beforeGreeting;
    }
}
