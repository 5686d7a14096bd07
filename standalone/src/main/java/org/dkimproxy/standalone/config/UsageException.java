package org.dkimproxy.standalone.config;

/** The command line cannot be understood; the message says why. */
public final class UsageException extends Exception {
    private static final long serialVersionUID = 1L;

    /** The message is what follows {@code Error: }. */
    public UsageException(String message) {
        super(message);
    }
}
