package org.dkimproxy.testkit;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/**
 * An SMTP client that sends exactly the octets it is given (RFC 5321).
 *
 * <p>Every read ends within the time limit, with a {@link java.net.SocketTimeoutException}. Not thread-safe.
 */
public final class SmtpSender implements AutoCloseable {
    private static final int MAX_REPLY = 1 << 20;

    private Socket socket;
    private InputStream in;

    /**
     * A reply (RFC 5321 section 4.2).
     *
     * @param code three digits; 0 if the line does not begin with any
     * @param lines as they came, without line ends; never empty
     */
    public record Reply(int code, List<String> lines) {
        /** Takes a copy of the lines. */
        public Reply {
            lines = List.copyOf(lines);
        }

        /** Whether the code begins with this digit. */
        public boolean isClass(int digit) {
            return code / 100 == digit;
        }

        @Override
        public String toString() {
            return String.join("\n", lines);
        }
    }

    private SmtpSender(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream());
    }

    /** Connects; the greeting is left to be read by {@link #readReply}. Connecting and each read end within the limit. */
    public static SmtpSender connect(InetSocketAddress server, Duration limit) throws IOException {
        Socket socket = new Socket();
        try {
            socket.setTcpNoDelay(true);
            socket.connect(server, Math.toIntExact(limit.toMillis()));
            socket.setSoTimeout(Math.toIntExact(limit.toMillis()));
            return new SmtpSender(socket);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /**
     * Continues over TLS: after a 220 to STARTTLS (RFC 3207), or before the greeting where the server starts with TLS (RFC
     * 8314).
     */
    public void secure(SSLContext tls) throws IOException {
        SSLSocket secured = (SSLSocket) tls.getSocketFactory()
                .createSocket(
                        socket,
                        ((InetSocketAddress) socket.getRemoteSocketAddress()).getHostString(),
                        socket.getPort(),
                        true);
        secured.startHandshake();
        socket = secured;
        in = new BufferedInputStream(secured.getInputStream());
    }

    /** Authenticates with SASL PLAIN (RFC 4954, RFC 4616); EHLO has to come before. Returns the server's reply. */
    public Reply authenticate(String user, String password) throws IOException {
        byte[] credentials = ("\0" + user + "\0" + password).getBytes(StandardCharsets.UTF_8);
        return command("AUTH PLAIN " + Base64.getEncoder().encodeToString(credentials));
    }

    /** Sends these octets and nothing else. */
    public void send(byte[] octets) throws IOException {
        socket.getOutputStream().write(octets);
        socket.getOutputStream().flush();
    }

    /** Sends a command line, one octet a character (ISO-8859-1), with its CRLF, and reads the reply. */
    public Reply command(String line) throws IOException {
        send((line + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
        return readReply();
    }

    /** Reads one reply, of one or more lines. Throws {@link EOFException} if the server closes instead. */
    public Reply readReply() throws IOException {
        List<String> lines = new ArrayList<>();
        int room = MAX_REPLY;
        String line;
        do {
            line = readLine(room);
            room -= line.length();
            lines.add(line);
        } while (line.length() > 3 && line.charAt(3) == '-');
        String digits = lines.getLast().substring(0, Math.min(3, lines.getLast().length()));
        return new Reply(digits.matches("[0-9]{3}") ? Integer.parseInt(digits) : 0, lines);
    }

    private String readLine(int limit) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int octet = in.read(); octet != '\n'; octet = in.read()) {
            if (octet < 0) {
                throw new EOFException("closed after \"" + line.toString(StandardCharsets.ISO_8859_1) + "\"");
            }
            if (line.size() >= limit) {
                throw new IOException("reply of more than " + MAX_REPLY + " octets");
            }
            line.write(octet);
        }
        String text = line.toString(StandardCharsets.ISO_8859_1);
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    }

    /** Whether the server has closed; waits for that up to the time limit. Throws if it says something instead. */
    public boolean isClosedByServer() throws IOException {
        int octet = in.read();
        if (octet >= 0) {
            throw new IOException("the server says more: octet " + octet);
        }
        return true;
    }

    /** Closes our direction only: the server sees an end of file and may still answer. */
    public void shutdownOutput() throws IOException {
        socket.shutdownOutput();
    }

    /**
     * Sends one message after a greeting was read: EHLO, MAIL, RCPT, DATA, the message with its dots stuffed, the final dot.
     *
     * @param message raw octets with CRLF line ends; a last line without CRLF is completed
     * @return the reply to the final dot, or the first reply that refuses
     */
    public Reply transact(String from, List<String> recipients, byte[] message) throws IOException {
        Reply reply = command("EHLO sender.example.org");
        return reply.isClass(2) ? transactGreeted(from, recipients, message) : reply;
    }

    /**
     * Sends one message as {@link #transact} does, after EHLO.
     *
     * @return the reply to the final dot, or the first reply that refuses
     */
    public Reply transactGreeted(String from, List<String> recipients, byte[] message) throws IOException {
        Reply reply = command("MAIL FROM:<" + from + ">");
        for (String recipient : recipients) {
            if (reply.isClass(2)) {
                reply = command("RCPT TO:<" + recipient + ">");
            }
        }
        if (reply.isClass(2)) {
            reply = command("DATA");
        }
        if (reply.isClass(3)) {
            send(stuffed(message));
            reply = readReply();
        }
        return reply;
    }

    /** The octets that stand for a message after DATA, the final dot with them (RFC 5321 section 4.5.2). */
    public static byte[] stuffed(byte[] message) {
        ByteArrayOutputStream wire = new ByteArrayOutputStream(message.length + 64);
        boolean lineStart = true;
        for (int i = 0; i < message.length; i++) {
            if (lineStart && message[i] == '.') {
                wire.write('.');
            }
            wire.write(message[i]);
            lineStart = message[i] == '\n' && i > 0 && message[i - 1] == '\r';
        }
        boolean complete = message.length == 0 || lineStart;
        wire.writeBytes((complete ? ".\r\n" : "\r\n.\r\n").getBytes(StandardCharsets.US_ASCII));
        return wire.toByteArray();
    }

    /** Closes the connection at once, without QUIT. */
    @Override
    public void close() throws IOException {
        socket.close();
    }
}
