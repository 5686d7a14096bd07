package org.dkimproxy.standalone.smtp;

/**
 * What client and relay agreed on by EHLO, as far as it concerns the proxy.
 *
 * @param commandLimit the longest command line in octets, CRLF included (RFC 5321 section 4.5.3.1.4)
 * @param relaySizeLimit the relay's own SIZE in octets (RFC 1870); 0 if it names none
 */
public record Extensions(int commandLimit, long relaySizeLimit) {
    /** Before EHLO, after HELO, and when XCLIENT has begun the session anew. */
    public static final Extensions NONE = new Extensions(CommandReader.PLAIN_LIMIT, 0);

    /** The largest message in octets, where the proxy takes no more than {@code own}; 0 is no limit in both. */
    public long sizeLimit(long own) {
        return smaller(own, relaySizeLimit);
    }

    /** The smaller of two limits, of which 0 is none. */
    static long smaller(long one, long other) {
        return one == 0 || other == 0 ? Math.max(one, other) : Math.min(one, other);
    }
}
