package org.dkimproxy.interop;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The messages that every proof of interoperability uses.
 *
 * <p>Text stands for octets, one character each ({@link #utf8} makes such text from real text). Unless a message is about
 * them, author and recipient are the same ones in all.
 */
@SuppressWarnings("StringConcatToTextBlock") // lines end in CRLF, in sight
public final class MessageSet {
    static final String CRLF = "\r\n";
    static final String FROM = "From: Joe Sender <joe@example.org>\r\n";
    static final String TO = "To: Suzie Q <suzie@shopping.example.net>\r\n";
    static final String SUBJECT = "Subject: Is dinner ready?\r\n";
    static final String DATE = "Date: Fri, 11 Jul 2025 21:00:37 -0700 (PDT)\r\n";
    static final String MESSAGE_ID = "Message-ID: <20250712040037.46341.5F8J@football.example.org>\r\n";
    /** A whole ordinary header, without the blank line. */
    static final String HEADER = FROM + TO + SUBJECT + DATE + MESSAGE_ID;
    /** An ordinary body. */
    static final String BODY = "Hi.\r\n\r\nWe lost the game.  Are you hungry yet?\r\n\r\nJoe.\r\n";

    private MessageSet() {}

    /** All messages that are to be signed. */
    public static List<Mail> signable() {
        return all().filter(mail -> !mail.is(Mail.Trait.REFUSED)).toList();
    }

    /** The messages that are not to be signed, whatever the rules say. */
    static List<Mail> refused() {
        return all().filter(mail -> mail.is(Mail.Trait.REFUSED)).toList();
    }

    private static Stream<Mail> all() {
        return Stream.of(BodyMessages.all(), HeaderMessages.all(), AddressMessages.all())
                .flatMap(Function.identity());
    }

    /** An ordinary header with this body. */
    static Mail body(String name, String body, Mail.Trait... traits) {
        return Mail.of(name, HEADER + CRLF + body, traits);
    }

    /** This header, without its blank line, with an ordinary body. */
    static Mail header(String name, String header, Mail.Trait... traits) {
        return Mail.of(name, header + CRLF + BODY, traits);
    }

    /** An ordinary header but for its author fields, with an ordinary body. */
    static Mail author(String name, String authorFields, Mail.Trait... traits) {
        return header(name, authorFields + TO + SUBJECT + DATE + MESSAGE_ID, traits);
    }

    /** The UTF-8 octets of a text, one character each. */
    static String utf8(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    /** Lines, each ended by CRLF. */
    static String lines(String... lines) {
        return Stream.of(lines).map(line -> line + CRLF).collect(Collectors.joining());
    }
}
