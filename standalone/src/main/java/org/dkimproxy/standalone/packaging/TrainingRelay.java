package org.dkimproxy.standalone.packaging;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

/** A relay that accepts every message of every client, and counts those that are signed. */
final class TrainingRelay implements AutoCloseable {
    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final AtomicInteger signed = new AtomicInteger();

    /** Listens on a free port of the loopback address. */
    TrainingRelay() throws IOException {
        Thread.ofVirtual().start(() -> {
            try {
                while (true) {
                    Socket socket = server.accept();
                    Thread.ofVirtual().start(() -> serve(socket));
                }
            } catch (IOException _) {
                // closed: the run is over
            }
        });
    }

    /** The port that it listens on. */
    int port() {
        return server.getLocalPort();
    }

    /** How many messages with a DKIM-Signature field it has accepted. */
    int signed() {
        return signed.get();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }

    private void serve(Socket socket) {
        try (socket) {
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
            reply(socket, "220 relay");
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                if (line.equals("DATA")) {
                    reply(socket, "354 go");
                    takeMessage(in);
                }
                reply(socket, "250 ok");
            }
        } catch (IOException _) {
            // the run itself notices that a message is missing
        }
    }

    private void takeMessage(BufferedReader in) throws IOException {
        boolean found = false;
        for (String line = in.readLine(); line != null && !line.equals("."); line = in.readLine()) {
            found |= line.startsWith("DKIM-Signature:");
        }
        if (found) {
            signed.incrementAndGet();
        }
    }

    private static void reply(Socket socket, String reply) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write((reply + "\r\n").getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }
}
