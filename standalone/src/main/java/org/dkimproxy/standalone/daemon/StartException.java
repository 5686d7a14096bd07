package org.dkimproxy.standalone.daemon;

/** A start that cannot be; the message is for the person who starts the program. */
public final class StartException extends Exception {
    private static final long serialVersionUID = 1L;

    /** @param message what was found, and what to do */
    public StartException(String message) {
        super(message);
    }
}
