package org.dkimproxy.standalone.net;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;

/**
 * A socket that listens on one address. An IPv4 address takes IPv4 clients only; {@code *} and {@code [::]} take those of both
 * kinds, as far as the system has them.
 *
 * @param channel in blocking mode at first
 * @param address what was bound, with the port that the system chose where none was asked for
 */
public record BoundSocket(ServerSocketChannel channel, HostPort address) implements Closeable {
    /**
     * Binds an address; clients can connect from then on.
     *
     * @param backlog how many may wait to be accepted
     * @throws IOException if it cannot be had; its message names the address
     */
    public static BoundSocket bind(HostPort address, int backlog) throws IOException {
        try {
            ServerSocketChannel channel = open(address, backlog);
            return new BoundSocket(
                    channel, new HostPort(address.host(), channel.socket().getLocalPort()));
        } catch (IOException e) {
            throw new IOException("cannot listen on " + address + ": " + e.getMessage() + remedy(e, address), e);
        } catch (UnsupportedOperationException e) {
            throw new IOException("cannot listen on " + address + ": this system has no IPv6", e);
        }
    }

    private static String remedy(IOException cause, HostPort address) {
        boolean isInUse = String.valueOf(cause.getMessage()).contains("in use");
        return isInUse
                ? "; another dkimproxy.out or mail server may hold it: see ss -ltnp sport = :" + address.port()
                : "";
    }

    /** Whether only this machine can connect. */
    public boolean isLoopback() {
        return channel.socket().getInetAddress().isLoopbackAddress();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private static ServerSocketChannel open(HostPort address, int backlog) throws IOException {
        if (address.host().equals("*")) {
            return bind(ServerSocketChannel.open(), new InetSocketAddress(address.port()), backlog);
        }
        InetAddress host = InetAddress.getByName(address.host());
        return bind(
                ServerSocketChannel.open(AddressFamily.of(host)), new InetSocketAddress(host, address.port()), backlog);
    }

    private static ServerSocketChannel bind(ServerSocketChannel channel, InetSocketAddress local, int backlog)
            throws IOException {
        try {
            channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            return channel.bind(local, backlog);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }
}
