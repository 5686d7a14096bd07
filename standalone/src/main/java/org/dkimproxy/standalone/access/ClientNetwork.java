package org.dkimproxy.standalone.access;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/**
 * Clients that count as one: an IPv4 address, or all addresses of an IPv6 network of 64 bits, any of which its owner can
 * choose (RFC 4291 section 2.5.4).
 *
 * @param address the IPv4 address, the first address of the IPv6 network, or a loopback address as it is
 */
public record ClientNetwork(InetAddress address) {
    private static final int PREFIX_OCTETS = 8;

    /** The network of a client. */
    public static ClientNetwork of(InetAddress client) {
        return client instanceof Inet6Address && !client.isLoopbackAddress()
                ? new ClientNetwork(firstOfNetwork(client))
                : new ClientNetwork(client);
    }

    /** Whether the clients are on this machine: whoever can run a program here needs no connection to do harm. */
    public boolean isLoopback() {
        return address.isLoopbackAddress();
    }

    private static InetAddress firstOfNetwork(InetAddress client) {
        byte[] octets = client.getAddress();
        Arrays.fill(octets, PREFIX_OCTETS, octets.length, (byte) 0);
        try {
            return InetAddress.getByAddress(octets);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an IPv6 address has 16 octets", e);
        }
    }
}
