package org.dkimproxy.standalone.daemon;

/** A function of the C library has failed; the message names it and says why. */
final class SystemCallException extends Exception {
    private static final long serialVersionUID = 1L;

    /** @param errno the number of the error, by {@code errno.h} */
    SystemCallException(String function, int errno) {
        super(function + ": " + SystemCall.describe(errno));
    }
}
