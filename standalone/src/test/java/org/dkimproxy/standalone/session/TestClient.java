package org.dkimproxy.standalone.session;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A client that says and hears octets. */
public final class TestClient implements AutoCloseable {
    private final Socket socket;
    private final InputStream in;

    public TestClient(int port) throws IOException {
        this(InetAddress.getLoopbackAddress(), port);
    }

    public TestClient(InetAddress host, int port) throws IOException {
        this(new Socket(host, port));
    }

    private TestClient(Socket socket) throws IOException {
        this.socket = socket;
        socket.setSoTimeout(20_000);
        socket.setTcpNoDelay(true);
        in = socket.getInputStream();
    }

    /** A client that has this address. */
    public static TestClient from(InetAddress own, int port) throws IOException {
        return new TestClient(new Socket(InetAddress.getLoopbackAddress(), port, own, 0));
    }

    public TestClient say(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
        return this;
    }

    /** One complete reply, lines joined by LF. */
    public String reply() throws IOException {
        StringBuilder reply = new StringBuilder();
        String line;
        do {
            line = line();
            reply.append(reply.isEmpty() ? "" : "\n").append(line);
        } while (line.length() > 3 && line.charAt(3) == '-');
        return reply.toString();
    }

    public String ask(String command) throws IOException {
        return say(command + "\r\n").reply();
    }

    /** Everything up to the end of the stream, with LF for CRLF. */
    public String rest() throws IOException {
        return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1).replace("\r\n", "\n");
    }

    public void endOutput() throws IOException {
        socket.shutdownOutput();
    }

    /** Closes in the middle of whatever there is. */
    public void leave() throws IOException {
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        while (line.indexOf("\r\n") < 0) {
            int octet = in.read();
            if (octet < 0) {
                throw new IOException("closed after \"" + line + "\"");
            }
            line.append((char) octet);
        }
        return line.substring(0, line.length() - 2);
    }
}
