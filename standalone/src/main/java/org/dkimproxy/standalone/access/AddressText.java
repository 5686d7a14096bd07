package org.dkimproxy.standalone.access;

import java.net.InetAddress;

/** Addresses as text. */
public final class AddressText {
    private static final int GROUPS = 8;

    private AddressText() {}

    /**
     * The one form that logs and expressions see: dotted decimal, or for IPv6 the form of RFC 5952 section 4 (lower case,
     * the first longest run of zero groups as {@code ::}), without a zone.
     */
    public static String of(InetAddress address) {
        byte[] octets = address.getAddress();
        return octets.length == 4 ? address.getHostAddress() : ofGroups(octets);
    }

    private static String ofGroups(byte[] octets) {
        int runStart = 0;
        int runLength = 1;
        for (int start = 0; start < GROUPS; start++) {
            int length = 0;
            while (start + length < GROUPS && group(octets, start + length) == 0) {
                length++;
            }
            if (length > runLength) {
                runStart = start;
                runLength = length;
            }
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < GROUPS; i++) {
            if (runLength > 1 && i == runStart) {
                text.append("::");
                i += runLength - 1;
            } else {
                boolean needsColon = !text.isEmpty() && text.charAt(text.length() - 1) != ':';
                text.append(needsColon ? ":" : "").append(Integer.toHexString(group(octets, i)));
            }
        }
        return text.toString();
    }

    private static int group(byte[] octets, int index) {
        return (octets[2 * index] & 0xff) << 8 | (octets[2 * index + 1] & 0xff);
    }
}
