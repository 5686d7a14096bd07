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
 * A relay in memory that answers each command and each message with the next part of a script; a part that is empty, and
 * what comes after the last, stands for a good answer. It keeps a ledger of what it took.
 */
final class FuzzedRelay implements Transport {
    private final Deque<String> script = new ArrayDeque<>();
    private final boolean hangsUp;
    private final StringBuilder said = new StringBuilder();
    private final StringBuilder heard = new StringBuilder();
    private final StringBuilder open = new StringBuilder("\r\n");
    private final List<String> commands = new ArrayList<>();
    private final List<String> taken = new ArrayList<>();
    private final List<String> acknowledgements = new ArrayList<>();
    private int whole;
    private boolean inMessage;

    /** A relay that greets at once, and that closes the connection, or stays silent, where its script has no reply. */
    FuzzedRelay(List<String> parts, boolean hangsUp) {
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

    /** The messages, with their dots as on the wire, to whose end of data it gave a 2xx. */
    List<String> taken() {
        return taken;
    }

    /** The 2xx replies that it gave to ends of data, in order. */
    List<String> acknowledgements() {
        return acknowledgements;
    }

    /** How many ends of data came. */
    int wholeMessages() {
        return whole;
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
        // it sees no difference
    }

    @Override
    public InetAddress peer() {
        return InetAddress.getLoopbackAddress();
    }

    @Override
    public void close() {
        // it sees no difference
    }

    /** What is open begins with the CRLF of the line before. */
    private boolean takeCommand() {
        int end = open.indexOf("\r\n", 2);
        if (end < 0) {
            return false;
        }
        String command = open.substring(2, end);
        commands.add(command);
        open.delete(0, end);
        inMessage = say(command.equals("DATA") ? "354 go\r\n" : "250 done " + commands.size() + "\r\n")
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
        whole++;
        say("250 taken " + whole + "\r\n").filter(reply -> reply.code() < 300).ifPresent(reply -> {
            taken.add(message);
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
