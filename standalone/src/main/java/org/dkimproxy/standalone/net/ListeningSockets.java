package org.dkimproxy.standalone.net;

import java.io.Closeable;
import java.io.IOException;
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

/**
 * Sockets that listen on several addresses, as one: all are bound or none, and clients of each are taken in turn.
 *
 * <p>{@link #awaitClient} and {@link #accept} are called on one thread; {@link #close} on any.
 */
public final class ListeningSockets implements ClientSource, Closeable {
    /** How many clients the system lets wait on each address. */
    static final int BACKLOG = 511;

    private final Selector selector = Selector.open();
    private final List<ServerSocketChannel> channels = new ArrayList<>();
    private final List<HostPort> addresses = new ArrayList<>();
    private final Deque<SelectionKey> ready = new ArrayDeque<>();

    private ListeningSockets() throws IOException {}

    /**
     * Binds all addresses; clients can connect from then on.
     *
     * @throws IOException if one cannot be had; its message names the address
     */
    public static ListeningSockets bind(List<HostPort> addresses) throws IOException {
        ListeningSockets sockets = new ListeningSockets();
        try {
            for (HostPort address : addresses) {
                sockets.add(address);
            }
            return sockets;
        } catch (IOException e) {
            sockets.close();
            throw e;
        }
    }

    /** What was bound, in order; with the port that the system chose where none was asked for. */
    public List<HostPort> addresses() {
        return List.copyOf(addresses);
    }

    /** Waits until a client wants to be accepted; it may have gone when it is its turn. Returns at once if this is closed. */
    public void awaitClient() throws IOException {
        try {
            while (ready.isEmpty() && selector.isOpen()) {
                selector.select(ready::add);
            }
        } catch (ClosedSelectorException _) {
            // there will be no client
        }
    }

    @Override
    public Optional<SocketChannel> accept() throws IOException {
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

    private void add(HostPort address) throws IOException {
        BoundSocket socket = BoundSocket.bind(address, BACKLOG);
        channels.add(socket.channel());
        socket.channel().configureBlocking(false);
        socket.channel().register(selector, SelectionKey.OP_ACCEPT);
        addresses.add(socket.address());
    }
}
