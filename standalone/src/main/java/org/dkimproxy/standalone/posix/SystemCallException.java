package org.dkimproxy.standalone.posix;

/** A function of the C library has failed; the message names it and says why. */
public final class SystemCallException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int errno;
    private final String reason;

    /** @param errno the number of the error, by {@code errno.h} */
    SystemCallException(String function, int errno) {
        this(function, errno, SystemCall.describe(errno));
    }

    private SystemCallException(String function, int errno, String reason) {
        super(function + ": " + reason);
        this.errno = errno;
        this.reason = reason;
    }

    /** The number of the error, by {@code errno.h}. */
    public int errno() {
        return errno;
    }

    /** The reason alone, in the words of the C library. */
    public String reason() {
        return reason;
    }
}
