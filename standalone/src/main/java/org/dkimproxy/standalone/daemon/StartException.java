package org.dkimproxy.standalone.daemon;

/** A PID file that cannot be had; the message is for the person who starts the program. */
public final class PidFileException extends Exception {
    private static final long serialVersionUID = 1L;

    PidFileException(String message) {
        super(message);
    }
}
