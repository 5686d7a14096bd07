package org.dkimproxy.interop;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The relay that attackers wish for: a CR, an LF and both together each end a line, a NUL is as good as nothing, and so a
 * dot between any two of them ends a message. It takes everything.
 */
final class LenientRelay implements AutoCloseable {
    private static final int TIME_LIMIT_MILLIS = 60_000;

    private final ServerSocket server = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
    private final List<String> senders = new CopyOnWriteArrayList<>();

    LenientRelay() throws IOException {
        Thread.ofVirtual().name("lenient-relay").start(this::accept);
    }

    InetSocketAddress address() {
        return (InetSocketAddress) server.getLocalSocketAddress();
    }

    /** The argument of MAIL of each message that it took, in their order. */
    List<String> senders() {
        return List.copyOf(senders);
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = server.accept();
                Thread.ofVirtual().name("lenient-session").start(() -> serve(socket));
            }
        } catch (IOException _) {
            // closed: the test is over
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            socket.setSoTimeout(TIME_LIMIT_MILLIS);
            socket.setTcpNoDelay(true);
            converse(new BufferedInputStream(socket.getInputStream()), socket.getOutputStream());
        } catch (IOException _) {
            // the other side is gone, as it is after a refused message
        }
    }

    private void converse(InputStream in, OutputStream out) throws IOException {
        say(out, "220 lenient");
        String sender = "";
        boolean inMessage = false;
        for (String line = line(in); line != null; line = line(in)) {
            if (inMessage) {
                if (line.equals(".")) {
                    inMessage = false;
                    senders.add(sender);
                    say(out, "250 taken");
                }
            } else if (line.equals("DATA")) {
                inMessage = true;
                say(out, "354 go");
            } else if (!line.isEmpty()) {
                sender = line.startsWith("MAIL FROM:") ? line.substring("MAIL FROM:".length()) : sender;
                say(out, line.equals("QUIT") ? "221 bye" : "250 ok");
            }
        }
    }

    /** What stands before the next CR or LF, without NULs; null at the end. CRLF gives an empty line more. */
    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int octet = in.read(); octet >= 0; octet = in.read()) {
            if (octet == '\r' || octet == '\n') {
                return line.toString();
            }
            if (octet != 0) {
                line.append((char) octet);
            }
        }
        return null;
    }

    private static void say(OutputStream out, String reply) throws IOException {
        out.write((reply + "\r\n").getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
