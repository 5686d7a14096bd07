package org.dkimproxy.testkit;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.UUID;

/** The message that the demonstrations send: from alice@example.org, with 8-bit text and a dot where a line begins. */
public final class DemoMessage {
    private DemoMessage() {}

    /**
     * Sends it by SMTP.
     *
     * @param limit for each answer of the server
     * @throws IOException if the server refuses it, too
     */
    public static void send(InetSocketAddress server, Duration limit) throws IOException {
        String message = String.format(
                Locale.ROOT,
                """
                From: Alice <alice@example.org>
                To: Bob <bob@example.net>
                Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?= from the demo
                Date: %s
                Message-ID: <%s@example.org>
                MIME-Version: 1.0
                Content-Type: text/plain; charset=utf-8
                Content-Transfer-Encoding: 8bit

                Dear Bob,

                this message left unsigned, with an \u00dcmlaut in it.
                .A dot at the start of a line survives, too.
                """,
                DateTimeFormatter.RFC_1123_DATE_TIME.format(ZonedDateTime.now(ZoneOffset.UTC)),
                UUID.randomUUID());
        try (SmtpSender sender = SmtpSender.connect(server, limit)) {
            sender.readReply();
            SmtpSender.Reply reply = sender.transact(
                    "alice@example.org",
                    List.of("bob@example.net"),
                    message.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8));
            if (!reply.isClass(2)) {
                throw new IOException("the message was refused: " + reply);
            }
        }
    }
}
