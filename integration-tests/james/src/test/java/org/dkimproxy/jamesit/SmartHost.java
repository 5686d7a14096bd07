package org.dkimproxy.jamesit;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.dkimproxy.testkit.SmtpSink;

/** What James sends to: it takes every octet as it comes, and announces 8BITMIME (RFC 6152) or not. */
final class SmartHost implements AutoCloseable {
    /** The one recipient that is refused. */
    static final String REFUSED = "refused@shopping.example.net";

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final SmtpSink.Script SEVEN_BIT = SmtpSink.Script.accept("PIPELINING", "SIZE 104857600");

    private final AtomicBoolean eightBitMime = new AtomicBoolean(true);
    private final SmtpSink sink;
    private int ended;
    private int taken;

    SmartHost() throws IOException {
        sink = SmtpSink.start(this::reply);
    }

    private String reply(SmtpSink.Event event) {
        if (event.verb().equals("RCPT") && event.line().contains(REFUSED)) {
            return "550 5.1.1 no such user";
        }
        return (eightBitMime.get() ? SmtpSink.Script.ACCEPT : SEVEN_BIT).reply(event);
    }

    /** Its port on loopback. */
    int port() {
        return sink.address().getPort();
    }

    /** Announces 8BITMIME, or no longer does, to those who connect from now on. */
    void announce8BitMime(boolean announced) {
        eightBitMime.set(announced);
    }

    /**
     * Waits until as many connections have ended, beyond those before. James makes one for each mail.
     *
     * @return the messages that came meanwhile, by the local part of the recipient, which is the name of the case; a bounce is
     *     under the local part of the one whom it tells
     */
    Map<String, byte[]> take(int connections) throws InterruptedException {
        ended += connections;
        sink.awaitClosed(ended, PATIENCE);
        List<SmtpSink.Message> messages = sink.messages();
        Map<String, byte[]> arrived = new HashMap<>();
        for (SmtpSink.Message message : messages.subList(taken, messages.size())) {
            String recipient = message.recipients().getFirst();
            arrived.put(recipient.substring(1, recipient.indexOf('@')), message.data());
        }
        taken = messages.size();
        return arrived;
    }

    @Override
    public void close() throws IOException {
        sink.close();
    }
}
