package org.dkimproxy.testkit;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/** One connection of an {@link SmtpSink}. */
final class SmtpSinkSession {
    private static final byte[] CRLF = {'\r', '\n'};
    private static final byte[] END_OF_DATA = {'\r', '\n', '.', '\r', '\n'};
    private static final byte[] END_AT_ONCE = {'.', '\r', '\n'};

    private final Socket socket;
    private final SmtpSink.Script script;
    private final Consumer<SmtpSink.Message> delivery;
    private final ReentrantLock lock = new ReentrantLock();
    private final ByteArrayOutputStream wire = new ByteArrayOutputStream();
    private Optional<IOException> failure = Optional.empty();

    private String mailFrom = "";
    private final List<String> recipients = new ArrayList<>();

    SmtpSinkSession(Socket socket, SmtpSink.Script script, Consumer<SmtpSink.Message> delivery) {
        this.socket = socket;
        this.script = script;
        this.delivery = delivery;
    }

    /** Serves until QUIT, the end of the stream, or a reply that is {@link SmtpSink.Script#CLOSE}. */
    void run() throws IOException {
        InputStream in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
        if (answer("CONNECT", "").isEmpty()) {
            return;
        }
        while (true) {
            Optional<byte[]> octets = readUntil(in, CRLF, CRLF);
            if (octets.isEmpty()) {
                return;
            }
            byte[] read = octets.get();
            String line = new String(read, 0, read.length - 2, StandardCharsets.ISO_8859_1);
            String verb = line.split("[ :]", 2)[0].toUpperCase(Locale.ROOT);
            String reply = answer(verb, line);
            if (reply.isEmpty() || verb.equals("QUIT")) {
                return;
            }
            if (reply.startsWith("2")) {
                remember(verb, line);
            }
            if (verb.equals("DATA") && reply.startsWith("354") && !readMessage(in)) {
                return;
            }
        }
    }

    private void remember(String verb, String line) {
        switch (verb) {
            case "MAIL" -> mailFrom = argument(line);
            case "RCPT" -> recipients.add(argument(line));
            case "EHLO", "HELO", "RSET", "XCLIENT" -> forget();
            default -> {
                // changes nothing of the transaction
            }
        }
    }

    private void forget() {
        mailFrom = "";
        recipients.clear();
    }

    private static String argument(String line) {
        return line.substring(line.indexOf(':') + 1).strip();
    }

    private boolean readMessage(InputStream in) throws IOException {
        Optional<byte[]> octets = readUntil(in, END_OF_DATA, END_AT_ONCE);
        if (octets.isEmpty()) {
            return false;
        }
        byte[] stuffed = Arrays.copyOf(octets.get(), octets.get().length - END_AT_ONCE.length);
        delivery.accept(new SmtpSink.Message(mailFrom, recipients, unstuffed(stuffed)));
        forget();
        return !answer(".", "").isEmpty();
    }

    private static byte[] unstuffed(byte[] stuffed) {
        ByteArrayOutputStream data = new ByteArrayOutputStream(stuffed.length);
        for (int i = 0; i < stuffed.length; i++) {
            boolean lineStart = i == 0 || (i > 1 && stuffed[i - 1] == '\n' && stuffed[i - 2] == '\r');
            if (!lineStart || stuffed[i] != '.') {
                data.write(stuffed[i]);
            }
        }
        return data.toByteArray();
    }

    /** The octets up to this ending, or that are just the short ending; empty if the stream ends before. */
    private Optional<byte[]> readUntil(InputStream in, byte[] ending, byte[] whole) throws IOException {
        Tail tail = new Tail();
        for (int octet = in.read(); octet >= 0; octet = in.read()) {
            tail.write(octet);
            record(octet);
            if (octet == '\n' && (tail.endsWith(ending) || (tail.size() == whole.length && tail.endsWith(whole)))) {
                return Optional.of(tail.toByteArray());
            }
        }
        return Optional.empty();
    }

    private void record(int octet) {
        lock.lock();
        try {
            wire.write(octet);
        } finally {
            lock.unlock();
        }
    }

    private String answer(String verb, String line) throws IOException {
        String reply = script.reply(new SmtpSink.Event(verb, line));
        if (!reply.isEmpty()) {
            socket.getOutputStream().write((reply + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
        }
        return reply;
    }

    /** All octets that were read so far. */
    byte[] wire() {
        lock.lock();
        try {
            return wire.toByteArray();
        } finally {
            lock.unlock();
        }
    }

    /** Notes that the connection broke, as connections under test do. */
    void failed(IOException why) {
        lock.lock();
        try {
            failure = Optional.of(why);
        } finally {
            lock.unlock();
        }
    }

    /** How the connection broke, if it did. */
    Optional<IOException> failure() {
        lock.lock();
        try {
            return failure;
        } finally {
            lock.unlock();
        }
    }

    private static final class Tail extends ByteArrayOutputStream {
        boolean endsWith(byte[] ending) {
            return count >= ending.length && Arrays.equals(buf, count - ending.length, count, ending, 0, ending.length);
        }
    }
}
