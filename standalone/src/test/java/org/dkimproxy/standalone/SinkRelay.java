package org.dkimproxy.standalone;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A relay that takes every message of every client, and keeps the selector of its signature. */
public final class SinkRelay implements AutoCloseable {
    private static final Pattern SELECTOR = Pattern.compile("\\bs=([a-z0-9]+);");

    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final List<String> selectors = new CopyOnWriteArrayList<>();

    /** Takes mail from now on. */
    public SinkRelay() throws IOException {
        Thread.ofVirtual().start(() -> {
            try {
                while (true) {
                    Socket socket = server.accept();
                    Thread.ofVirtual().start(() -> serve(socket));
                }
            } catch (IOException _) {
                // closed: the test is over
            }
        });
    }

    /** Where, on the loopback address. */
    public int port() {
        return server.getLocalPort();
    }

    /** Of the messages taken so far, in their order; {@code unsigned} for one without a signature. */
    public List<String> selectors() {
        return List.copyOf(selectors);
    }

    @Override
    public void close() throws IOException {
        server.close();
    }

    private void serve(Socket socket) {
        try (socket) {
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
            say(socket, "220 sink");
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                if (line.equals("DATA")) {
                    say(socket, "354 go");
                    selectors.add(selector(in));
                }
                say(socket, "250 ok");
            }
        } catch (IOException _) {
            // the proxy is gone, as it is in tests that kill it
        }
    }

    private static String selector(BufferedReader in) throws IOException {
        StringBuilder message = new StringBuilder();
        for (String line = in.readLine(); line != null && !line.equals("."); line = in.readLine()) {
            message.append(line).append('\n');
        }
        Matcher found = SELECTOR.matcher(message);
        return found.find() ? found.group(1) : "unsigned";
    }

    private static void say(Socket socket, String reply) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write((reply + "\r\n").getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }
}
