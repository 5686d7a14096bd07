package org.dkimproxy.ledger;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.dkimproxy.testkit.SmtpSender;

/** A session that stands open right before its message. */
final class HeldSession {
    private final SmtpSender sender;
    private final Ledger ledger;
    private final Letter letter;

    /** Opens it. */
    HeldSession(InetSocketAddress server, Ledger ledger, Letter letter, Duration patience) throws IOException {
        this.ledger = ledger;
        this.letter = letter;
        ledger.sent(letter);
        sender = SmtpSender.connect(server, patience);
        sender.readReply();
        sender.command("EHLO client.example.org");
        sender.command("MAIL FROM:<" + letter.id() + "@" + Letter.DOMAIN + ">");
        sender.command("RCPT TO:<b@example.net>");
    }

    /** Sends the message and ends the session. */
    void finish() throws IOException {
        try (sender) {
            sender.command("DATA");
            sender.send(SmtpSender.stuffed(letter.octets()));
            ledger.dotSent(letter);
            ledger.answered(letter, sender.readReply().toString());
            sender.command("QUIT");
        }
    }
}
