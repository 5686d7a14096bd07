package org.dkimproxy.standalone.session;

import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A relay in memory that takes everything and answers at once, on the thread that writes to it. CRLF ends a command, CRLF
 * dot CRLF a message, and nothing else does.
 */
final class InstantRelay implements Transport {
    private final StringBuilder said = new StringBuilder("220 relay\r\n");
    private final StringBuilder heard = new StringBuilder();
    private final StringBuilder open = new StringBuilder("\r\n");
    private final List<String> commands = new ArrayList<>();
    private final List<String> messages = new ArrayList<>();
    private boolean inMessage;
    private boolean closed;

    /** All octets that it got. */
    String heard() {
        return heard.toString();
    }

    /** The command lines that it got, without CRLF. */
    List<String> commands() {
        return List.copyOf(commands);
    }

    /** The messages that it got whole, with their dots as they were on the wire. */
    List<String> messages() {
        return List.copyOf(messages);
    }

    /** Whether the connection is closed. */
    boolean isClosed() {
        return closed;
    }

    @Override
    public int read(byte[] array, int offset, int length, int millis) throws SocketTimeoutException {
        if (said.isEmpty()) {
            throw new SocketTimeoutException("nothing to say");
        }
        byte[] octets = said.toString().getBytes(StandardCharsets.ISO_8859_1);
        int count = Math.min(length, octets.length);
        System.arraycopy(octets, 0, array, offset, count);
        said.delete(0, count);
        return count;
    }

    @Override
    public boolean hasInput() {
        return !said.isEmpty();
    }

    @Override
    public void write(byte[] array, int offset, int length) {
        String octets = new String(array, offset, length, StandardCharsets.ISO_8859_1);
        heard.append(octets);
        open.append(octets);
        boolean more = true;
        while (more) {
            more = inMessage ? takeMessage() : takeCommand();
        }
    }

    @Override
    public void endInput() {
        throw new UnsupportedOperationException("nothing waits here");
    }

    @Override
    public void endOutput() {
        closed = true;
    }

    @Override
    public InetAddress peer() {
        return InetAddress.getLoopbackAddress();
    }

    @Override
    public void close() {
        closed = true;
    }

    /** What is open begins with the CRLF of the line before, so that a dot right after DATA is an end too. */
    private boolean takeCommand() {
        int end = open.indexOf("\r\n", 2);
        if (end < 0) {
            return false;
        }
        String command = open.substring(2, end);
        commands.add(command);
        open.delete(0, end);
        inMessage = command.equals("DATA");
        said.append(inMessage ? "354 go\r\n" : command.equals("QUIT") ? "221 bye\r\n" : "250 " + command + "\r\n");
        return true;
    }

    private boolean takeMessage() {
        int end = open.indexOf("\r\n.\r\n");
        if (end < 0) {
            return false;
        }
        messages.add(open.substring(2, end + 2));
        open.delete(0, end + 3);
        inMessage = false;
        said.append("250 taken ").append(messages.size()).append("\r\n");
        return true;
    }
}
