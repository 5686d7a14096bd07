package org.dkimproxy.testkit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.concurrent.Semaphore;
import java.util.function.Function;

/**
 * A socket that listens on a free port of the loopback address. Each connection has a virtual thread of its own. Where only so
 * many may be open, the next one waits in the queue of the system until another one ends.
 */
final class LoopbackListener implements AutoCloseable {
    private static final int BACKLOG = 200;

    private final String name;
    private final ServerSocket socket;
    private final Semaphore free;

    private LoopbackListener(String name, ServerSocket socket, int connections) {
        this.name = name;
        this.socket = socket;
        this.free = new Semaphore(connections);
    }

    /** Listens for at most this many connections at once; they wait until they are accepted. */
    static LoopbackListener open(String name, int connections) throws IOException {
        return new LoopbackListener(name, new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress()), connections);
    }

    /**
     * Accepts connections from now on.
     *
     * @param sessions takes connections in the order of their coming, and returns what is to be done with each; that is done in a
     *     thread of its own
     */
    void start(Function<Socket, Runnable> sessions) {
        Thread.ofVirtual().name(name).start(() -> accept(sessions));
    }

    InetSocketAddress address() {
        return (InetSocketAddress) socket.getLocalSocketAddress();
    }

    private void accept(Function<Socket, Runnable> sessions) {
        try {
            while (true) {
                free.acquireUninterruptibly();
                Runnable session = sessions.apply(socket.accept());
                Thread.ofVirtual().name(name + "-session").start(() -> {
                    try {
                        session.run();
                    } finally {
                        free.release();
                    }
                });
            }
        } catch (SocketException e) {
            // close() was called: there is nothing left to accept
        } catch (IOException e) {
            throw new IllegalStateException(name + " cannot accept", e);
        }
    }

    /** Stops listening; connections stay open. */
    @Override
    public void close() throws IOException {
        socket.close();
    }
}
