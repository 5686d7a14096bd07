package org.dkimproxy.standalone.session;

import java.io.IOException;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.dkimproxy.standalone.smtp.ReferenceReply;

/**
 * A relay in memory that answers at once, on the thread that writes to it, and keeps a ledger of what it accepted. CRLF ends a
 * command, CRLF dot CRLF a message, and nothing else does. It may answer by a script: each command and each message with the
 * next part of it, where an empty part, and what comes after the last, stands for a positive reply.
 */
final class MemoryRelay implements Transport {
    private final Deque<String> script = new ArrayDeque<>();
    private final boolean hangsUp;
    private final StringBuilder said = new StringBuilder();
    private final StringBuilder heard = new StringBuilder();
    private final StringBuilder open = new StringBuilder("\r\n");
    private final List<String> commands = new ArrayList<>();
    private final List<String> messages = new ArrayList<>();
    private final List<String> accepted = new ArrayList<>();
    private final List<String> acknowledgements = new ArrayList<>();
    private boolean inMessage;
    private boolean closed;

    /** A relay that accepts everything. */
    MemoryRelay() {
        this(List.of(), false);
    }

    /** A relay that greets at once, and that closes the connection, or stays silent, where its script has no reply. */
    MemoryRelay(List<String> parts, boolean hangsUp) {
        script.addAll(parts);
        this.hangsUp = hangsUp;
        say("220 relay\r\n");
    }

    /** All octets that it got. */
    String heard() {
        return heard.toString();
    }

    /** The command lines that it got, without CRLF. */
    List<String> commands() {
        return commands;
    }

    /** The messages that it got whole, with their dots as they were on the wire. */
    List<String> messages() {
        return messages;
    }

    /** Those of the messages to whose end of data it gave a 2xx. */
    List<String> accepted() {
        return accepted;
    }

    /** Whether the connection is closed. */
    boolean isClosed() {
        return closed;
    }

    /** The 2xx replies that it gave to ends of data, in order. */
    List<String> acknowledgements() {
        return acknowledgements;
    }

    @Override
    public int read(byte[] array, int offset, int length, int millis) throws IOException {
        if (said.isEmpty()) {
            if (hangsUp) {
                return -1;
            }
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
        inMessage = say(switch (command) {
                    case "DATA" -> "354 go\r\n";
                    case "QUIT" -> "221 bye\r\n";
                    default -> "250 done " + commands.size() + "\r\n";
                })
                .filter(reply -> reply.code() == 354)
                .isPresent();
        return true;
    }

    private boolean takeMessage() {
        int end = open.indexOf("\r\n.\r\n");
        if (end < 0) {
            return false;
        }
        String message = open.substring(2, end + 2);
        open.delete(0, end + 3);
        inMessage = false;
        messages.add(message);
        say("250 accepted " + messages.size() + "\r\n")
                .filter(reply -> reply.code() < 300)
                .ifPresent(reply -> {
                    accepted.add(message);
                    acknowledgements.add(reply.text());
                });
        return true;
    }

    /** Says the next part of the script, else what is given; returns the reply that it is, if it is one. */
    private Optional<ReferenceReply> say(String otherwise) {
        String part = script.isEmpty() ? "" : script.remove();
        String answer = part.isEmpty() ? otherwise : part;
        boolean asked = said.isEmpty();
        said.append(answer);
        return asked ? ReferenceReply.of(answer, 0) : Optional.empty();
    }
}
