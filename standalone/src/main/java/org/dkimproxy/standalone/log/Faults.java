package org.dkimproxy.standalone.log;

/** Tells of a fault of this program in one line. */
public final class Faults {
    private Faults() {}

    /** The exception and the place that threw it. */
    public static String describe(Throwable fault) {
        StackTraceElement[] trace = fault.getStackTrace();
        return fault + (trace.length == 0 ? "" : " at " + trace[0]);
    }
}
