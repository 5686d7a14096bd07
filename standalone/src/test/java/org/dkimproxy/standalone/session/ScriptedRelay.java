package org.dkimproxy.standalone.session;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A relay that follows a script for one connection, and knows every octet it was sent. */
public final class ScriptedRelay implements AutoCloseable {
    private final ServerSocket server;
    private final CompletableFuture<String> received = new CompletableFuture<>();

    /** What the relay does with its connection. */
    @FunctionalInterface
    public interface Script {
        void play(Line line) throws IOException;
    }

    public ScriptedRelay(Script script) throws IOException {
        this(InetAddress.getLoopbackAddress(), script);
    }

    public ScriptedRelay(InetAddress host, Script script) throws IOException {
        server = new ServerSocket(0, 5, host);
        Thread.ofVirtual().start(() -> {
            StringBuilder octets = new StringBuilder();
            try (Socket socket = server.accept()) {
                socket.setSoTimeout(20_000);
                socket.setTcpNoDelay(true);
                Line line = new Line(socket, octets);
                script.play(line);
                line.drain();
                received.complete(octets.toString());
            } catch (IOException | RuntimeException e) {
                received.complete(octets + "[" + e.getMessage() + "]");
            }
        });
    }

    public int port() {
        return server.getLocalPort();
    }

    /** Every octet received, once the proxy has closed. */
    public String received() {
        return received.orTimeout(20, TimeUnit.SECONDS).join();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }

    /** The relay's end of the connection. */
    public static final class Line {
        private final Socket socket;
        private final InputStream in;
        private final OutputStream out;
        private final StringBuilder octets;

        private Line(Socket socket, StringBuilder octets) throws IOException {
            this.socket = socket;
            this.in = socket.getInputStream();
            this.out = socket.getOutputStream();
            this.octets = octets;
        }

        public Line say(String... lines) throws IOException {
            return sayRaw(String.join("\r\n", lines) + "\r\n");
        }

        public Line sayRaw(String text) throws IOException {
            out.write(text.getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
            return this;
        }

        /** Reads up to and with this text; returns what was read. */
        public String hear(String end) throws IOException {
            StringBuilder heard = new StringBuilder();
            while (heard.indexOf(end, Math.max(0, heard.length() - end.length())) < 0) {
                int octet = in.read();
                if (octet < 0) {
                    throw new IOException("closed before " + end.strip());
                }
                heard.append((char) octet);
                octets.append((char) octet);
            }
            return heard.toString();
        }

        /** Reads one command and answers it. */
        public Line answer(String... lines) throws IOException {
            hear("\r\n");
            return say(lines);
        }

        /** Greets, and goes on to the 354 after MAIL, RCPT and DATA. */
        public Line upToData() throws IOException {
            return say("220 relay").answer("250 mail").answer("250 rcpt").answer("354 go");
        }

        /** Reads a message and answers its dot. */
        public Line takeMessage(String reply) throws IOException {
            hear("\r\n.\r\n");
            return say(reply);
        }

        public void hangUp() throws IOException {
            socket.close();
        }

        private void drain() throws IOException {
            if (!socket.isClosed()) {
                for (int octet = in.read(); octet >= 0; octet = in.read()) {
                    octets.append((char) octet);
                }
            }
        }
    }
}
