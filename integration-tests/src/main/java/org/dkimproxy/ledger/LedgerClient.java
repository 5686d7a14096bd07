package org.dkimproxy.ledger;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.dkimproxy.testkit.SmtpSender;

/** A client that sends letters in one session and notes in a ledger what it hears. Never sends a letter again. */
final class LedgerClient {
    private static final Duration CONNECT = Duration.ofSeconds(20);

    private final Ledger ledger;
    private final Line line;
    private final boolean pipelines;

    /**
     * How a session went.
     *
     * @param finished whether it came to its QUIT and the reply to that
     * @param borders octets that were sent before and after each command
     * @param received octets
     */
    record Result(boolean finished, List<Long> borders, long received) {}

    private LedgerClient(Ledger ledger, Line line, boolean pipelines) {
        this.ledger = ledger;
        this.line = line;
        this.pipelines = pipelines;
    }

    /**
     * Has a session.
     *
     * @throws IOException if nobody accepts the connection; what happens later is in the ledger and in no exception
     */
    static Result converse(InetSocketAddress server, Ledger ledger, List<Letter> letters, Conduct conduct)
            throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(server, Math.toIntExact(CONNECT.toMillis()));
            Line line = new Line(socket, conduct.cut(), conduct.pace(), conduct.patience());
            boolean finished = false;
            try {
                finished = new LedgerClient(ledger, line, conduct.pipelines()).run(letters);
            } catch (SocketTimeoutException e) {
                ledger.fault("a client with the letters "
                        + letters.stream().map(Letter::id).toList() + " heard nothing for " + conduct.patience());
            } catch (IOException _) {
                // cut by one side or the other, which is what is tested
            }
            return new Result(finished, line.borders(), line.received());
        }
    }

    private boolean run(List<Letter> letters) throws IOException {
        if (!isPositive(reply()) || !isPositive(command("EHLO client.example.org"))) {
            return false;
        }
        for (Letter letter : letters) {
            ledger.sent(letter);
            if (!transact(letter)) {
                return false;
            }
        }
        return isPositive(command("QUIT"));
    }

    /** Sends one letter, or gives it up when it is refused; returns whether the session goes on. */
    private boolean transact(Letter letter) throws IOException {
        List<String> envelope =
                List.of("MAIL FROM:<" + letter.id() + "@" + Letter.DOMAIN + ">", "RCPT TO:<b@example.net>", "DATA");
        Optional<String> reply = pipelines ? together(envelope) : oneByOne(envelope);
        if (reply.isEmpty() || isClosing(reply.get())) {
            return false;
        }
        if (!reply.get().startsWith("354")) {
            return isPositive(command("RSET"));
        }
        if (line.send(SmtpSender.stuffed(letter.octets()))) {
            ledger.dotSent(letter);
        }
        Optional<String> answer = reply();
        answer.ifPresent(heard -> ledger.answered(letter, heard));
        return answer.isPresent() && !isClosing(answer.get());
    }

    private Optional<String> oneByOne(List<String> commands) throws IOException {
        Optional<String> reply = Optional.empty();
        for (String command : commands) {
            reply = command(command);
            if (!isPositive(reply)) {
                return reply;
            }
        }
        return reply;
    }

    /** The last reply, or the first after which no more come. */
    private Optional<String> together(List<String> commands) throws IOException {
        line.send(String.join("\r\n", commands) + "\r\n");
        Optional<String> reply = Optional.empty();
        for (int i = 0; i < commands.size(); i++) {
            reply = reply();
            if (reply.isEmpty() || isClosing(reply.get())) {
                return reply;
            }
        }
        return reply;
    }

    private Optional<String> command(String command) throws IOException {
        line.send(command + "\r\n");
        return reply();
    }

    /** The next reply, if it comes whole. */
    private Optional<String> reply() throws IOException {
        StringBuilder reply = new StringBuilder();
        while (true) {
            Optional<String> next = line.next();
            if (next.isEmpty()) {
                return Optional.empty();
            }
            String text = next.get();
            if (!text.matches("[2-5][0-9][0-9][ -][^\r\n\0]*\r\n")) {
                ledger.fault("the client heard something that is no reply: " + text.strip());
            }
            reply.append(text);
            if (text.length() < 4 || text.charAt(3) != '-') {
                return Optional.of(reply.toString());
            }
        }
    }

    private static boolean isPositive(Optional<String> reply) {
        return reply.filter(text -> text.startsWith("2") || text.startsWith("354"))
                .isPresent();
    }

    private static boolean isClosing(String reply) {
        return reply.startsWith("421");
    }
}
