package org.dkimproxy.interop;

import static org.dkimproxy.interop.MessageSet.CRLF;
import static org.dkimproxy.interop.MessageSet.HEADER;
import static org.dkimproxy.interop.MessageSet.body;
import static org.dkimproxy.interop.MessageSet.header;
import static org.dkimproxy.interop.MessageSet.lines;
import static org.dkimproxy.interop.MessageSet.utf8;

import java.util.Base64;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The part of the {@link MessageSet} that is about bodies. */
@SuppressWarnings("StringConcatToTextBlock") // lines end in CRLF, in sight
final class BodyMessages {
    private static final int MEGABYTE = 1 << 20;

    private BodyMessages() {}

    static Stream<Mail> all() {
        return Stream.of(missing(), blank(), octets(), lengths(), dots(), large(), structured())
                .flatMap(messages -> messages);
    }

    private static Stream<Mail> missing() {
        return Stream.of(
                Mail.of("no-blank-line-no-body", HEADER),
                Mail.of("no-blank-line-folded-last", HEADER + "X-Last: folded\r\n here\r\n"),
                body("no-body", ""),
                body("one-blank-line", "\r\n"),
                body("two-blank-lines", "\r\n\r\n"),
                body("five-blank-lines", CRLF.repeat(5)),
                body("unterminated-body", "Hi.\r\nNo line end", Mail.Trait.UNTERMINATED),
                body("unterminated-blank", "Hi.\r\n \t", Mail.Trait.UNTERMINATED),
                Mail.of("unterminated-header", HEADER + "X-Last: no line end", Mail.Trait.UNTERMINATED));
    }

    private static Stream<Mail> blank() {
        return Stream.of(
                body("only-a-blank", " \r\n"),
                body("only-blanks", " \t \r\n\t\r\n   \r\n"),
                body("one-octet", "x\r\n"),
                body("trailing-blanks", "one \r\ntwo\t\r\nthree \t \r\nfour\r\n"),
                body("tabs", "\tone\ttwo\t\tthree\r\n\t\r\n"),
                body("leading-blanks", " one\r\n\ttwo\r\n   three\r\n"),
                body("runs-of-blanks", "one  two   three \t four\t\t\tfive\r\n"),
                body("blank-lines-first", "\r\n\r\n\r\ntext\r\n"),
                body("blank-lines-last", "text\r\n" + CRLF.repeat(1000)),
                body("blank-lines-middle", "text\r\n" + CRLF.repeat(40_000) + "more\r\n"),
                body("whitespace-lines-middle", "text\r\n  \r\n\t\r\nmore\r\n"),
                body("whitespace-lines-last", "text\r\n  \r\n\t\r\n"),
                body("whitespace-then-empty-last", "text\r\n \r\n\r\n\t\r\n\r\n"),
                body("empty-then-whitespace-last", "text\r\n\r\n \r\n"));
    }

    private static Stream<Mail> octets() {
        String every = IntStream.rangeClosed(1, 255)
                .filter(octet -> octet != '\r' && octet != '\n')
                .mapToObj(octet -> String.valueOf((char) octet))
                .collect(Collectors.joining());
        return Stream.of(
                body("latin1-body", "Gr\u00fc\u00dfe aus K\u00f6ln \u00a0 \u00ff\r\n"),
                body("utf8-body", utf8("Grüße, 日本語, Привет, 🎉\r\n")),
                body("every-octet", every + CRLF + every + every + CRLF),
                body("other-line-separators", utf8("a\u2028b\u0085c\u2029d\r\n") + "form\ffeed\u000bvertical\r\n"));
    }

    private static Stream<Mail> lengths() {
        return Stream.of(
                body("line-of-998", "x".repeat(998) + CRLF),
                body("line-of-1000", "y".repeat(1000) + CRLF + "z".repeat(1000) + CRLF),
                body("line-of-70000", "Lorem ipsum ".repeat(5834).substring(0, 70_000) + CRLF),
                body("blanks-of-5000", "a" + " ".repeat(5000) + "b\r\n" + " ".repeat(5000) + CRLF));
    }

    private static Stream<Mail> dots() {
        return Stream.of(
                body("dots-first", ".one\r\n..two\r\n...\r\nthree.\r\n"),
                body("lone-dots", ".\r\ntext\r\n.\r\n..\r\n.\r\n"),
                body("only-a-dot", ".\r\n"),
                body("dot-with-blank", ". \r\n.\t\r\n"));
    }

    private static Stream<Mail> large() {
        Random random = new Random(42);
        byte[] binary = new byte[5 * MEGABYTE * 57 / 78];
        random.nextBytes(binary);
        return Stream.of(
                body("five-mb-text", words(random, 5 * MEGABYTE)),
                header(
                                "five-mb-base64",
                                HEADER + "MIME-Version: 1.0\r\nContent-Type: application/octet-stream\r\n"
                                        + "Content-Transfer-Encoding: base64\r\n")
                        .withBody(Base64.getMimeEncoder().encodeToString(binary) + CRLF),
                body(
                        "five-mb-blanks",
                        ("a" + " \t".repeat(40) + "b  c" + " ".repeat(40) + CRLF).repeat(5 * MEGABYTE / 127)));
    }

    private static String words(Random random, int length) {
        StringBuilder text = new StringBuilder(length);
        while (text.length() < length) {
            int words = 1 + random.nextInt(14);
            for (int i = 0; i < words; i++) {
                text.append("abcdefghijklmnop", 0, 1 + random.nextInt(9));
                text.append(random.nextInt(9) == 0 ? "  " : " ");
            }
            text.append(CRLF);
        }
        return text.toString();
    }

    private static Stream<Mail> structured() {
        String mime = HEADER + "MIME-Version: 1.0\r\n";
        return Stream.of(
                body("body-like-header", "Subject: not a field\r\nFrom: nobody@example.com\r\n\r\nB: c\r\n"),
                body("from-lines", "From here\r\n>From there\r\nFrom joe@example.org Fri Jul 11\r\n"),
                header("multipart-mixed", mime + "Content-Type: multipart/mixed;\r\n\tboundary=\"=_b 1\"\r\n")
                        .withBody(lines(
                                "This is a multi-part message.",
                                "--=_b 1",
                                "Content-Type: text/plain; charset=utf-8",
                                "",
                                utf8("Grüße"),
                                "--=_b 1",
                                "Content-Type: application/octet-stream",
                                "Content-Transfer-Encoding: base64",
                                "",
                                "AAECAwQFBgcICQ==",
                                "",
                                "--=_b 1--",
                                "",
                                "epilogue")),
                header("multipart-alternative", mime + "Content-Type: multipart/alternative; boundary=alt\r\n")
                        .withBody(lines(
                                "--alt",
                                "Content-Type: text/plain",
                                "",
                                "plain",
                                "--alt",
                                "Content-Type: text/html",
                                "Content-Transfer-Encoding: quoted-printable",
                                "",
                                "<p>a=3D1   b  </p>=20",
                                "--alt--")),
                header(
                                "content-fields",
                                mime
                                        + "Content-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: 8bit\r\n"
                                        + "Content-ID: <1@example.org>\r\nContent-Description: a  test\r\n"
                                        + "Content-Language: de\r\nContent-Disposition: inline\r\n")
                        .withBody("Gr\u00fc\u00dfe\r\n"));
    }
}
