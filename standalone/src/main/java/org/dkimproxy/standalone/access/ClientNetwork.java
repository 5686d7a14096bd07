package org.dkimproxy.standalone.access;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Clients that count as one: an IPv4 address, or all addresses of an IPv6 network of 64 bits, any of which its owner can
 * choose (RFC 4291 section 2.5.4).
 *
 * @param address the IPv4 address, the first address of the IPv6 network, or a loopback address as it is
 */
public record ClientNetwork(InetAddress address) {
    private static final int PREFIX_GROUPS = 4;

    /** The network of a client. */
    public static ClientNetwork of(InetAddress client) {
        return client instanceof Inet6Address && !client.isLoopbackAddress()
                ? new ClientNetwork(firstOfNetwork(client))
                : new ClientNetwork(client);
    }

    /** Whether the clients are on this machine: a local attacker needs no connections. */
    public boolean isLoopback() {
        return address.isLoopbackAddress();
    }

    private static InetAddress firstOfNetwork(InetAddress client) {
        ByteBuffer octets = ByteBuffer.wrap(client.getAddress());
        String groups = IntStream.range(0, PREFIX_GROUPS)
                .mapToObj(_ -> Integer.toHexString(Short.toUnsignedInt(octets.getShort())))
                .collect(Collectors.joining(":"));
        return InetAddress.ofLiteral(groups + "::");
    }
}
