package org.dkimproxy.standalone.daemon;

/** Exit codes that a start ends with and that mean the same to several programs. */
public final class ExitCodes {
    /** A failure that a later start may not have. */
    public static final int CANNOT_START = 1;

    /** A wrong command line. */
    public static final int WRONG_USAGE = 2;

    /** EX_CONFIG of sysexits.h: the configuration has to be corrected first. */
    public static final int EX_CONFIG = 78;

    private ExitCodes() {}
}
