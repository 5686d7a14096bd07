package org.dkimproxy.testkit;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * A receiving SMTP server on loopback that keeps every octet it gets (RFC 5321).
 *
 * <p>Only CRLF ends a command, only CRLF dot CRLF ends a message. What it answers is a {@link Script}. Each connection has a
 * virtual thread of its own; a connection that says nothing for the time limit is dropped. Thread-safe.
 */
public final class SmtpSink implements AutoCloseable {
    private static final Duration IDLE = Duration.ofMinutes(10);

    private final Script script;
    private final LoopbackListener listener;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final List<Message> messages = new ArrayList<>();
    private final List<SmtpSinkSession> sessions = new ArrayList<>();
    private int finished;

    /** What to answer. Implementations are called by several threads. */
    @FunctionalInterface
    public interface Script {
        /** Drops the connection in place of a reply. */
        String CLOSE = "";

        /** Accepts everything, and announces 8BITMIME, SMTPUTF8, PIPELINING, SIZE and ENHANCEDSTATUSCODES. */
        Script ACCEPT = event -> Replies.accepting(
                event, List.of("8BITMIME", "SMTPUTF8", "PIPELINING", "SIZE 104857600", "ENHANCEDSTATUSCODES"));

        /**
         * The reply to an event: lines with CRLF between them and none at the end, sent as they are; or {@link #CLOSE}.
         *
         * @param event never null
         */
        String reply(Event event);

        /** Accepts everything, and announces these EHLO keywords. */
        static Script accept(String... keywords) {
            return event -> Replies.accepting(event, List.of(keywords));
        }

        /** Answers one verb ({@code CONNECT} and {@code .} count as verbs) with a fixed reply, the others as before. */
        default Script with(String verb, String reply) {
            return event -> event.verb().equals(verb) ? reply : reply(event);
        }
    }

    /**
     * Something to be answered.
     *
     * @param verb upper case; {@code CONNECT} before the first octet, {@code .} for the end of a message
     * @param line the command line without its CRLF, one character an octet; empty for the two that are no commands
     */
    public record Event(String verb, String line) {}

    /**
     * A message that came in whole.
     *
     * @param mailFrom the argument of MAIL as it came, {@code <a@b> SIZE=1} with whatever parameters
     * @param recipients the arguments of the RCPT commands that were accepted
     * @param data the octets after dot-unstuffing, from after the 354 to the CRLF before the final dot, that CRLF with them
     */
    @SuppressWarnings("ArrayRecordComponent") // copied in and out, and never compared
    public record Message(String mailFrom, List<String> recipients, byte[] data) {
        /** Takes copies. */
        public Message {
            recipients = List.copyOf(recipients);
            data = data.clone();
        }

        /** A copy of the octets. */
        @Override
        public byte[] data() {
            return data.clone();
        }

        /** The octets, one character each. */
        public String text() {
            return new String(data, StandardCharsets.ISO_8859_1);
        }
    }

    private SmtpSink(Script script, LoopbackListener listener) {
        this.script = script;
        this.listener = listener;
    }

    /** Listens on a free port of the loopback address, and accepts everything. */
    public static SmtpSink start() throws IOException {
        return start(Script.ACCEPT);
    }

    /** Listens on a free port of the loopback address, and answers as the script says. */
    public static SmtpSink start(Script script) throws IOException {
        return start(script, Integer.MAX_VALUE);
    }

    /** The same with a fixed number of server processes, so to speak: more clients wait for the greeting. */
    public static SmtpSink start(Script script, int processes) throws IOException {
        SmtpSink sink = new SmtpSink(script, LoopbackListener.open("smtp-sink", processes));
        sink.listener.start(sink::accept);
        return sink;
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return listener.address();
    }

    /** The port that it listens on. */
    public int port() {
        return address().getPort();
    }

    private Runnable accept(Socket socket) {
        open.add(socket);
        SmtpSinkSession session = new SmtpSinkSession(socket, script, this::deliver);
        guarded(() -> sessions.add(session));
        return () -> serve(socket, session);
    }

    private void serve(Socket socket, SmtpSinkSession session) {
        try (socket) {
            socket.setSoTimeout(Math.toIntExact(IDLE.toMillis()));
            socket.setTcpNoDelay(true);
            session.run();
        } catch (IOException e) {
            session.failed(e);
        } finally {
            open.remove(socket);
            guarded(() -> finished++);
        }
    }

    private void deliver(Message message) {
        guarded(() -> messages.add(message));
    }

    private void guarded(Runnable change) {
        lock.lock();
        try {
            change.run();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** The messages that came in whole, those that were then refused too, in the order of their final dots. */
    public List<Message> messages() {
        lock.lock();
        try {
            return List.copyOf(messages);
        } finally {
            lock.unlock();
        }
    }

    /** For each connection, in the order of their coming, all octets that were read from it so far. */
    public List<byte[]> wire() {
        lock.lock();
        try {
            return sessions.stream().map(SmtpSinkSession::wire).toList();
        } finally {
            lock.unlock();
        }
    }

    /** How connections broke, those that did: a reset, or silence for longer than the time limit. */
    public List<IOException> failures() {
        lock.lock();
        try {
            return sessions.stream()
                    .flatMap(session -> session.failure().stream())
                    .toList();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until this many messages have come in. Throws {@link AssertionError} if fewer have within the limit. */
    public List<Message> awaitMessages(int count, Duration limit) throws InterruptedException {
        await(() -> messages.size() >= count, limit, count + " messages");
        return messages();
    }

    /** Waits until this many connections have ended. Throws {@link AssertionError} if fewer have within the limit. */
    public void awaitClosed(int count, Duration limit) throws InterruptedException {
        await(() -> finished >= count, limit, count + " ended connections");
    }

    private void await(BooleanSupplier reached, Duration limit, String what) throws InterruptedException {
        long nanos = limit.toNanos();
        lock.lockInterruptibly();
        try {
            while (!reached.getAsBoolean()) {
                if (nanos <= 0) {
                    throw new AssertionError("no " + what + " within " + TimeUnit.NANOSECONDS.toMillis(limit.toNanos())
                            + " ms; there are " + messages.size() + " messages, " + sessions.size() + " connections, "
                            + finished + " of them ended");
                }
                nanos = changed.awaitNanos(nanos);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Stops listening and drops every connection. */
    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : open) {
            socket.close();
        }
    }
}
