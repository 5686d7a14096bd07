package org.dkimproxy.standalone.session;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.channels.ClosedChannelException;
import org.dkimproxy.standalone.net.AddressFamily;

/** A connected socket. Each write leaves at once, in as few packets as it fits in. */
final class SocketTransport implements Transport {
    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;

    SocketTransport(Socket socket) throws IOException {
        this.socket = socket;
        socket.setTcpNoDelay(true);
        this.in = socket.getInputStream();
        this.out = socket.getOutputStream();
    }

    /**
     * Connects.
     *
     * @param millis how long that may take
     * @throws java.net.SocketTimeoutException if it takes longer
     */
    static SocketTransport connect(InetSocketAddress address, int millis) throws IOException {
        Socket socket = AddressFamily.open(address.getAddress()).socket();
        try {
            socket.connect(address, millis);
            return new SocketTransport(socket);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    @Override
    public int read(byte[] array, int offset, int length, int millis) throws IOException {
        socket.setSoTimeout(millis);
        try {
            return in.read(array, offset, length);
        } catch (ClosedChannelException e) {
            throw closed(e);
        }
    }

    @Override
    public boolean hasInput() throws IOException {
        try {
            return in.available() > 0;
        } catch (ClosedChannelException e) {
            throw closed(e);
        }
    }

    @Override
    public void write(byte[] array, int offset, int length) throws IOException {
        try {
            out.write(array, offset, length);
        } catch (ClosedChannelException e) {
            throw closed(e);
        }
    }

    @Override
    public void endInput() throws IOException {
        socket.shutdownInput();
    }

    @Override
    public void endOutput() throws IOException {
        socket.shutdownOutput();
    }

    @Override
    public InetAddress peer() {
        return socket.getInetAddress();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    /** A channel that was closed under its user says nothing of it in words, and the reason of a session's end is logged. */
    private static SocketException closed(ClosedChannelException cause) {
        SocketException closed = new SocketException("connection closed");
        closed.initCause(cause);
        return closed;
    }
}
