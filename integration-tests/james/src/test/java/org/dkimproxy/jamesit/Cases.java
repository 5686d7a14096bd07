package org.dkimproxy.jamesit;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.dkimproxy.interop.Mail;
import org.dkimproxy.interop.MessageSet;

/**
 * The messages that are sent through James, and the signatures that they are to get.
 *
 * <p>Text stands for octets, one character each ({@link #utf8} makes such text from real text).
 */
@SuppressWarnings("StringConcatToTextBlock") // lines end in CRLF, in sight
final class Cases {
    private static final List<String> RSA_JUDGES = List.of("Mail::DKIM", "dkimpy");

    /** What the sender map of the conf folder says for example.org. */
    static final Case.Expected SHIPPED = new Case.Expected("2026", "example.org", RSA_JUDGES);
    /** The first of the two of example.net. */
    static final Case.Expected RSA = new Case.Expected("rsa", "example.net", RSA_JUDGES);
    /** The second. */
    static final Case.Expected ED25519 = new Case.Expected("ed25519", "example.net", List.of("dkimpy"));
    /** The first of the two of old.example.com. */
    static final Case.Expected DKIM = new Case.Expected("dkim", "old.example.com", RSA_JUDGES);
    /** The second. */
    static final Case.Expected DOMAIN_KEYS = new Case.Expected("dk", "old.example.com", List.of("Mail::DKIM"));
    /** That of simple.example.org, whose canonicalization lets nothing be changed. */
    static final Case.Expected SIMPLE = new Case.Expected("simple", "simple.example.org", RSA_JUDGES);
    /** The domain of the envelope senders of the mail that {@link #SIMPLE} signs. */
    static final String SIMPLE_SENDERS = "simple.example.org";
    /** That of gone.example.com, whose key file disappears before anything is signed. */
    static final Case.Expected GONE = new Case.Expected("gone", "gone.example.com", RSA_JUDGES);
    /** That of the mailing list, whoever writes to it. */
    static final Case.Expected LIST = new Case.Expected("list", "lists.example.org", RSA_JUDGES);

    /** Messages that James refuses, for the length of a line. */
    private static final List<String> TOO_LONG = List.of("line-of-70000", "header-line-of-30000");

    /** Messages that dkimpy cannot read, since a name and its colon are apart. */
    private static final List<String> UNREADABLE = List.of("blank-before-colon", "tab-before-colon");

    private static final String JOE = "joe@example.org";
    private static final String HEADER = header("Joe Sender <joe@example.org>");
    private static final String MIME = HEADER + "MIME-Version: 1.0\r\n";
    private static final String BODY = lines("Hi.", "", "We lost the game.  Are you hungry yet?", "", "Joe.");

    private Cases() {}

    /** All signatures that occur. */
    static List<Case.Expected> signatures() {
        return List.of(SHIPPED, RSA, ED25519, DKIM, DOMAIN_KEYS, SIMPLE, GONE, LIST);
    }

    /** All of them, in the order of the report. */
    static List<Case> all() {
        return Stream.of(ordinary(), eightBit(), leftovers(), awkward(), mimeVersions(), kinds(), messageSet())
                .flatMap(cases -> cases)
                .toList();
    }

    private static Stream<Case> ordinary() {
        return Stream.of(
                signed("plain", HEADER + "\r\n" + BODY),
                signed("with-bcc", HEADER + "Bcc: secret@example.net\r\n\r\n" + BODY),
                signed("no-date-no-message-id", "From: joe@example.org\r\nSubject: x\r\n\r\n" + BODY),
                signedSimply(
                        "simple-no-date-no-message-id", "From: joe@simple.example.org\r\nSubject: x\r\n\r\n" + BODY),
                signed("no-mime-headers", HEADER + "\r\nplain\r\n"),
                signed("empty-body", HEADER + "\r\n"),
                signed("blank-lines-only", HEADER + "\r\n\r\n\r\n\r\n"));
    }

    private static Stream<Case> eightBit() {
        String utf8 = "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n";
        String greeting = lines(utf8("Grüße, 日本語"), "two  blanks, one at the end ", "=3D is no encoding here", ".dot");
        return Stream.of(
                signed("8bit-single", MIME + utf8 + greeting),
                signed(
                        "latin1-single",
                        MIME + "Content-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
                                + "Gr\u00fc\u00dfe aus K\u00f6ln\u00a0\r\n"),
                signed("latin1-header", MIME + "Comments: Gr\u00fc\u00dfe\r\n\r\n" + BODY),
                signed("8bit-no-mime-headers", HEADER + "\r\n" + greeting),
                signed("8bit-multipart", multipart("multipart/mixed", utf8 + greeting, utf8 + greeting)),
                signed(
                        "8bit-multipart-labelled",
                        multipart("multipart/mixed", utf8 + greeting)
                                .replace("\r\n\r\n--", "\r\nContent-Transfer-Encoding: 8bit\r\n\r\n--")),
                signed(
                        "8bit-nested",
                        multipart(
                                "multipart/mixed",
                                "Content-Type: multipart/alternative; boundary=in\r\n\r\n--in\r\n" + utf8 + greeting
                                        + "--in\r\nContent-Type: text/html; charset=utf-8\r\n"
                                        + "Content-Transfer-Encoding: 8bit\r\n\r\n<p>" + greeting
                                        + "</p>\r\n--in--\r\n",
                                "Content-Type: message/rfc822\r\nContent-Transfer-Encoding: 8bit\r\n\r\n" + MIME + utf8
                                        + greeting)),
                signed(
                        "8bit-attachment",
                        multipart(
                                "multipart/mixed",
                                "Content-Type: text/plain\r\n\r\nsee below\r\n",
                                "Content-Type: application/octet-stream; name=\"a.bin\"\r\n"
                                        + "Content-Transfer-Encoding: 8bit\r\n\r\n\u0080\u00ff\u0001\r\n")));
    }

    /** Messages with something in them that cannot be made 7-bit data, and with labels by which James would spoil them. */
    static Stream<Case> leftovers() {
        String label = "Content-Transfer-Encoding: 8bit\r\n";
        String name = utf8("Content-Type: text/plain; name=\"Gr\u00fc\u00dfe.txt\"\r\n");
        String part = "\r\n" + lines(utf8("Gr\u00fc\u00dfe"));
        String content = multipart("multipart/mixed", name + "\r\nHi.\r\n");
        String gap = multipart("multipart/mixed", "\r\nHi.\r\n");
        String signed = multipart("multipart/signed; protocol=\"application/x-none\"", part, "\r\nsignature\r\n");
        String inner = signed.substring(signed.indexOf("Content-Type:")).replace("=_b", "=_in");
        return Stream.of(
                signed("left-parameter", labelled(content, label)),
                signed("left-preamble", labelled(gap, label + part)),
                signed("left-signed", labelled(signed, label)),
                signed("left-binary", labelled(signed, label.replace("8bit", "binary"))),
                signed("left-odd-label", labelled(signed, label.replace("8bit", "8bit charset=utf-8"))),
                signed("left-nested", labelled(multipart("multipart/mixed", labelled(inner, label), part), label)));
    }

    private static String labelled(String message, String label) {
        return message.replaceFirst("\r\n\r\n", "\r\n" + label + "\r\n");
    }

    /** MIME-Version as people write it, signed so that no octet of it may change. */
    static Stream<Case> mimeVersions() {
        return Stream.of(
                mimeVersion("version-plain", "MIME-Version: 1.0\r\n"),
                mimeVersion("version-name", "Mime-Version: 1.0\r\n"),
                mimeVersion("version-blank-before-colon", "MIME-Version : 1.0\r\n", "dkimpy"),
                mimeVersion("version-no-blank", "MIME-Version:1.0\r\n"),
                mimeVersion("version-comment", "Mime-Version: 1.0 (Mac OS X Mail 16.0 \\(3696.120.41.1.1\\))\r\n"),
                mimeVersion("version-folded", "mime-version:\r\n\t1.0\r\n"),
                mimeVersion("version-trailing-blank", "MIME-Version: 1.0 \r\n"),
                mimeVersion("version-twice", "MIME-Version: 1.0\r\nmime-version: 1.0\r\n"),
                mimeVersion("version-comment-first", "MIME-Version: (made by hand) 1.0\r\n"),
                mimeVersion("version-none", ""));
    }

    private static Case mimeVersion(String name, String field, String... blind) {
        return signedSimply(
                name,
                header("Joe <joe@simple.example.org>") + field + "Content-Type: text/plain\r\n\r\n" + BODY,
                blind);
    }

    private static Case signedSimply(String name, String octets, String... blind) {
        return new Case(
                name,
                "joe@" + SIMPLE_SENDERS,
                octets.getBytes(StandardCharsets.ISO_8859_1),
                List.of(SIMPLE),
                List.of(blind));
    }

    private static Stream<Case> awkward() {
        return Stream.of(
                signed(
                        "odd-folding",
                        "From:\r\n Joe Sender\r\n\t<joe@example.org>\r\nTo:suzie@example.net\r\nSubject:\r\n\tfolded \r\n  twice\t\r\n"
                                + "Date: Fri, 11 Jul 2025 21:00:37 -0700 (PDT)\r\nMessage-ID:\r\n <1@example.org>\r\n\r\n"
                                + BODY),
                signed("lines-of-998", HEADER + "\r\n" + ("x".repeat(998) + "\r\n").repeat(3)),
                signed(
                        "lines-of-5000",
                        HEADER + "\r\n" + ("Lorem ipsum ".repeat(417).strip() + "\r\n").repeat(3)),
                signed(
                        "five-megabytes",
                        HEADER + "\r\n"
                                + "Lorem ipsum dolor sit amet,  consetetur sadipscing elitr\r\n".repeat(94_000)),
                signed("dots", HEADER + "\r\n.one\r\n..two\r\n.\r\n...\r\n"),
                signed("trailing-blanks", HEADER + "X-Blanks: a \t \r\n\r\none \t\r\n \r\n\r\n\r\n"),
                signed(
                        "resent-and-traced",
                        "Received: from x by y; Fri, 11 Jul 2025 21:00:37 -0700\r\nReturn-Path: <a@b.example>\r\n"
                                + HEADER + "\r\n" + BODY));
    }

    /** A Content-Type that JavaMail cannot parse: James 3.8 throws when it updates such a header. */
    static Stream<Case> unparsable() {
        return Stream.of(
                contentType("type-name-with-blanks", "text/plain; name=my file.txt"),
                contentType("type-boundary-with-equals", "multipart/mixed; boundary=----=_Part_1"),
                contentType("type-empty-parameters", "text/plain;; charset=us-ascii"),
                contentType("type-value-with-equals", "text/plain; name=a=b"),
                contentType("type-open-quote", "text/plain; name=\"open"));
    }

    private static Case contentType(String name, String value) {
        return signed(
                name,
                MIME + "Content-Type: " + value + "\r\n\r\n------=_Part_1\r\n\r\n" + BODY + "------=_Part_1--\r\n");
    }

    private static Stream<Case> kinds() {
        return Stream.of(
                Case.of("bounce", "", header("Mail System <mailer-daemon@example.org>") + "\r\n" + BODY, SHIPPED),
                Case.of(
                        "list",
                        "list-bounces@lists.example.org",
                        "List-Id: The Team <team.example.org>\r\n" + header("Ann <ann@elsewhere.example>") + "\r\n"
                                + BODY,
                        LIST),
                Case.of(
                        "domainkeys-with-dkim",
                        "joe@old.example.com",
                        header("Joe <joe@old.example.com>") + "\r\n" + BODY,
                        DKIM,
                        DOMAIN_KEYS),
                Case.of(
                        "ed25519-with-rsa",
                        "joe@example.net",
                        header("Joe <joe@example.net>") + "\r\n" + BODY,
                        RSA,
                        ED25519),
                Case.of("no-rule", "joe@unknown.example", header("Joe <joe@unknown.example>") + "\r\n" + BODY),
                Case.of(
                        "key-gone",
                        "joe@gone.example.com",
                        header("Joe <joe@gone.example.com>") + "\r\n" + BODY,
                        GONE));
    }

    /** The messages of the proofs of interoperability that are not like those above. */
    private static Stream<Case> messageSet() {
        return MessageSet.signable().stream()
                .filter(mail -> !mail.is(Mail.Trait.FOREIGN_AUTHOR))
                .filter(mail -> !mail.name().startsWith("five-mb") && !TOO_LONG.contains(mail.name()))
                .map(mail -> new Case(
                        "set-" + mail.name(),
                        JOE,
                        mail.completed(),
                        List.of(SHIPPED),
                        UNREADABLE.contains(mail.name()) ? List.of("dkimpy") : List.of()));
    }

    private static Case signed(String name, String octets) {
        return Case.of(name, JOE, octets, SHIPPED);
    }

    private static String header(String from) {
        return lines(
                "From: " + from,
                "To: Suzie Q <suzie@shopping.example.net>",
                "Subject: Is dinner ready?",
                "Date: Fri, 11 Jul 2025 21:00:37 -0700 (PDT)",
                "Message-ID: <20250712040037.46341.5F8J@football.example.org>");
    }

    private static String multipart(String type, String... parts) {
        List<String> all = new ArrayList<>();
        all.add(MIME + "Content-Type: " + type + "; boundary=\"=_b\"\r\n\r\n");
        Arrays.stream(parts).map(part -> "--=_b\r\n" + part).forEach(all::add);
        all.add("--=_b--\r\n");
        return String.join("", all);
    }

    private static String lines(String... lines) {
        return Stream.of(lines).map(line -> line + "\r\n").collect(Collectors.joining());
    }

    private static String utf8(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }
}
