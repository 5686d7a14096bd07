package org.dkimproxy.standalone.proxy;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.dkimproxy.standalone.options.Address;

/**
 * Sockets that listen on several addresses, as one: all are bound or none, and clients of each are taken in turn.
 *
 * <p>An IPv4 address takes IPv4 clients only; {@code *} and {@code [::]} take those of both kinds, as far as the system
 * has them. {@link #accept} is called on one thread; {@link #close} on any.
 */
final class ListeningSockets implements Closeable {
    /** How many clients the system lets wait on each address. */
    static final int BACKLOG = 511;

    private final Selector selector = Selector.open();
    private final List<ServerSocketChannel> channels = new ArrayList<>();
    private final List<Address> addresses = new ArrayList<>();
    private final Deque<SelectionKey> ready = new ArrayDeque<>();

    private ListeningSockets() throws IOException {}

    /**
     * Binds all addresses; clients can connect from then on.
     *
     * @throws IOException if one cannot be had; its message names the address
     */
    static ListeningSockets bind(List<Address> addresses) throws IOException {
        ListeningSockets sockets = new ListeningSockets();
        try {
            for (Address address : addresses) {
                sockets.add(address);
            }
            return sockets;
        } catch (IOException e) {
            sockets.close();
            throw e;
        }
    }

    /** What was bound, in order; with the port that the system chose where none was asked for. */
    List<Address> addresses() {
        return List.copyOf(addresses);
    }

    /**
     * Waits for the next client.
     *
     * @return empty once this is closed
     */
    Optional<SocketChannel> accept() throws IOException {
        try {
            while (true) {
                Optional<SocketChannel> client = acceptReady();
                if (client.isPresent()) {
                    return client;
                }
                selector.select(ready::add);
            }
        } catch (ClosedSelectorException _) {
            return Optional.empty();
        }
    }

    /** The next client if one waits already. */
    Optional<SocketChannel> acceptWaiting() throws IOException {
        try {
            Optional<SocketChannel> client = acceptReady();
            if (client.isPresent()) {
                return client;
            }
            selector.selectNow(ready::add);
            return acceptReady();
        } catch (ClosedSelectorException _) {
            return Optional.empty();
        }
    }

    private Optional<SocketChannel> acceptReady() throws IOException {
        while (!ready.isEmpty()) {
            SocketChannel client = ((ServerSocketChannel) ready.remove().channel()).accept();
            if (client != null) {
                return Optional.of(client);
            }
        }
        return Optional.empty();
    }

    @Override
    public void close() throws IOException {
        for (ServerSocketChannel channel : channels) {
            channel.close();
        }
        selector.close();
    }

    private void add(Address address) throws IOException {
        try {
            ServerSocketChannel channel = bind(address);
            channels.add(channel);
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_ACCEPT);
            addresses.add(new Address(address.host(), channel.socket().getLocalPort()));
        } catch (IOException e) {
            throw new IOException("cannot listen on " + address + ": " + e.getMessage(), e);
        } catch (UnsupportedOperationException e) {
            throw new IOException("cannot listen on " + address + ": this system has no IPv6", e);
        }
    }

    private static ServerSocketChannel bind(Address address) throws IOException {
        if (address.host().equals("*")) {
            return bind(ServerSocketChannel.open(), new InetSocketAddress(address.port()));
        }
        InetAddress host = InetAddress.getByName(address.host());
        return bind(ServerSocketChannel.open(family(host)), new InetSocketAddress(host, address.port()));
    }

    private static ServerSocketChannel bind(ServerSocketChannel channel, InetSocketAddress local) throws IOException {
        try {
            channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            return channel.bind(local, BACKLOG);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    private static StandardProtocolFamily family(InetAddress host) {
        return host.getAddress().length == 4 ? StandardProtocolFamily.INET : StandardProtocolFamily.INET6;
    }
}
