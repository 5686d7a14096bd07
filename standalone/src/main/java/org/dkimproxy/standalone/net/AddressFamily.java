package org.dkimproxy.standalone.net;

import java.io.IOException;
import java.net.InetAddress;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.nio.channels.SocketChannel;

/** Sockets for addresses of one kind. Those of Java for both kinds have the system map each IPv4 address. */
public final class AddressFamily {
    private static final int OCTETS_OF_IPV4 = 4;

    private AddressFamily() {}

    static StandardProtocolFamily of(InetAddress address) {
        return address.getAddress().length == OCTETS_OF_IPV4
                ? StandardProtocolFamily.INET
                : StandardProtocolFamily.INET6;
    }

    /**
     * A socket that can be connected to this address, in blocking mode.
     *
     * @throws IOException if there is none to be had, or the system has no such addresses
     */
    public static SocketChannel open(InetAddress address) throws IOException {
        try {
            return SocketChannel.open(of(address));
        } catch (UnsupportedOperationException e) {
            SocketException unsupported = new SocketException("this system has no IPv6");
            unsupported.initCause(e);
            throw unsupported;
        }
    }
}
