package org.dkimproxy.testkit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * An authentication server on loopback that speaks the protocol of Dovecot, which Postfix asks by {@code smtpd_sasl_type =
 * dovecot}. It knows one user, by SASL PLAIN (RFC 4616). Thread-safe.
 */
public final class SaslServer implements AutoCloseable {
    private static final String GREETING = """
        VERSION\t1\t2
        MECH\tPLAIN\tplaintext
        SPID\t1
        CUID\t1
        COOKIE\t00112233445566778899aabbccddeeff
        DONE
        """;

    private final String user;
    private final String response;
    private final LoopbackListener listener;

    private SaslServer(String user, String password, LoopbackListener listener) {
        this.user = user;
        this.response = "resp="
                + Base64.getEncoder().encodeToString(("\0" + user + "\0" + password).getBytes(StandardCharsets.UTF_8));
        this.listener = listener;
    }

    /** Listens on a free port of the loopback address. */
    public static SaslServer start(String user, String password) throws IOException {
        SaslServer server = new SaslServer(user, password, LoopbackListener.open("sasl", Integer.MAX_VALUE));
        server.listener.start(socket -> () -> server.serve(socket));
        return server;
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return listener.address();
    }

    private void serve(Socket socket) {
        try (socket;
                BufferedReader lines =
                        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))) {
            send(socket, GREETING);
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] words = line.split("\t", -1);
                if (words[0].equals("AUTH")) {
                    boolean known = words[words.length - 1].equals(response);
                    send(socket, (known ? "OK\t" : "FAIL\t") + words[1] + "\tuser=" + user + "\n");
                }
            }
        } catch (IOException e) {
            // Postfix ended the connection
        }
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
        socket.getOutputStream().flush();
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
