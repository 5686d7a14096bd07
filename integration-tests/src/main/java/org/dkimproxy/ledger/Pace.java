package org.dkimproxy.ledger;

/**
 * How octets leave.
 *
 * @param slice most octets in one segment
 * @param delayMillis to wait before each writing
 */
record Pace(int slice, int delayMillis) {
    /** As they come. */
    static final Pace PLAIN = new Pace(Integer.MAX_VALUE, 0);
}
