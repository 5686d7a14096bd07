package org.dkimproxy.ledger;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/** A relay that notes in a ledger what it gets and accepts. Each connection has a conduct of its own. */
final class LedgerRelay implements Closeable {
    /** In every reply of it, so that they are told from those of the proxy. */
    static final String MARK = "(relay)";

    private static final int QUEUE = 4096;

    private final Ledger ledger;
    private final ServerSocket listener;
    private final Supplier<Conduct> conducts;
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicLong sessions = new AtomicLong();
    private volatile List<Long> lastBorders = List.of();
    private volatile long lastReceived;

    /** Listens on a free port of the loopback address. */
    LedgerRelay(Ledger ledger, Supplier<Conduct> conducts) throws IOException {
        this.ledger = ledger;
        this.conducts = conducts;
        listener = new ServerSocket(0, QUEUE, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().name("ledger-relay").start(this::accept);
    }

    InetSocketAddress address() {
        return (InetSocketAddress) listener.getLocalSocketAddress();
    }

    /** Sessions that have begun. */
    long sessions() {
        return sessions.get();
    }

    /** Octets that the last session to end had sent, before and after each reply. */
    List<Long> lastBorders() {
        return lastBorders;
    }

    /** Octets that the last session to end had received. */
    long lastReceived() {
        return lastReceived;
    }

    /** Whether a session is open. */
    boolean isBusy() {
        return open.get() > 0;
    }

    /** Waits until no session is open; returns whether that was so in time. */
    boolean awaitQuiet(Duration time) throws InterruptedException {
        long deadline = System.nanoTime() + time.toNanos();
        while (open.get() > 0) {
            if (System.nanoTime() - deadline > 0) {
                return false;
            }
            Thread.sleep(1);
        }
        return true;
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }

    /** How a message is accepted. */
    static String taken(String id) {
        return "taken <" + id + "> " + MARK;
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                open.incrementAndGet();
                sessions.incrementAndGet();
                Thread.ofVirtual().name("ledger-relay-session").start(() -> serve(socket));
            } catch (IOException e) {
                if (!listener.isClosed()) {
                    ledger.fault("the relay of the test cannot accept: " + e.getMessage());
                    return;
                }
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            Conduct conduct = conducts.get();
            Line line = new Line(socket, conduct.cut(), conduct.pace(), conduct.patience());
            try {
                new Session(line, conduct).run();
            } finally {
                lastBorders = line.borders();
                lastReceived = line.received();
            }
        } catch (IOException _) {
            // cut by one side or the other, which is what is tested
        } finally {
            open.decrementAndGet();
        }
    }

    /** One connection. */
    private final class Session {
        private final Line line;
        private final Conduct conduct;
        private String sender = "";
        private Optional<Copy> last = Optional.empty();

        Session(Line line, Conduct conduct) {
            this.line = line;
            this.conduct = conduct;
        }

        void run() throws IOException {
            boolean goesOn = reply("CONNECT", "220 " + MARK);
            while (goesOn) {
                Optional<String> command = line.next();
                if (command.isEmpty()) {
                    return;
                }
                last.ifPresent(Copy::follow);
                goesOn = obey(command.get());
            }
        }

        private boolean obey(String command) throws IOException {
            if (!command.endsWith("\r\n")
                    || command.substring(0, command.length() - 2).matches("(?s).*[\r\n\0].*")) {
                ledger.fault("the relay got a command with stray octets: " + command.strip());
                return false;
            }
            String verb = command.strip().split("[ :]", 2)[0].toUpperCase(Locale.ROOT);
            return switch (verb) {
                case "EHLO" -> reply(verb, "250-relay\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 SIZE 10000000 " + MARK);
                case "MAIL" -> {
                    sender = command.substring(command.indexOf(':') + 1).strip();
                    yield reply(verb, "250 2.1.0 " + MARK);
                }
                case "DATA" -> reply(verb, "354 " + MARK) && (!accepts(verb) || message());
                case "QUIT" -> {
                    reply(verb, "221 " + MARK);
                    yield false;
                }
                default -> reply(verb, "250 2.0.0 " + MARK);
            };
        }

        private boolean accepts(String verb) {
            return conduct.answers().apply(verb) instanceof Answer.Accept;
        }

        private boolean message() throws IOException {
            StringBuilder data = new StringBuilder();
            while (true) {
                Optional<String> next = line.next();
                if (next.isEmpty()) {
                    return false;
                }
                String text = next.get();
                if (text.equals(".\r\n")) {
                    break;
                }
                if (!text.endsWith("\r\n") || text.indexOf('\r') != text.length() - 2 || text.indexOf('\0') >= 0) {
                    ledger.fault("the relay got a stray octet within a message from " + sender);
                }
                data.append(text, text.startsWith(".") ? 1 : 0, text.length());
            }
            Copy copy = ledger.received(sender, data.toString().getBytes(StandardCharsets.ISO_8859_1));
            last = Optional.of(copy);
            if (!accepts(".")) {
                return reply(".", "");
            }
            if (line.send("250 2.0.0 " + taken(copy.id()) + "\r\n")) {
                copy.acknowledge();
            }
            return true;
        }

        /** Replies as the conduct says; returns whether the session goes on. */
        private boolean reply(String verb, String usual) throws IOException {
            return switch (conduct.answers().apply(verb)) {
                case Answer.Accept _ -> {
                    line.send(usual + "\r\n");
                    yield true;
                }
                case Answer.Octets octets -> {
                    line.send(octets.text());
                    yield !octets.last();
                }
                case Answer.Silence silence -> {
                    pause(silence.time());
                    yield false;
                }
                case Answer.Close close -> {
                    if (close.reset()) {
                        line.reset();
                    }
                    yield false;
                }
            };
        }

        private void pause(Duration time) throws IOException {
            try {
                Thread.sleep(time);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted", e);
            }
        }
    }
}
