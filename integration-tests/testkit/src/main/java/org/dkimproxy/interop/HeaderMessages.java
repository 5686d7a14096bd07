package org.dkimproxy.interop;

import static org.dkimproxy.interop.MessageSet.BODY;
import static org.dkimproxy.interop.MessageSet.CRLF;
import static org.dkimproxy.interop.MessageSet.DATE;
import static org.dkimproxy.interop.MessageSet.FROM;
import static org.dkimproxy.interop.MessageSet.HEADER;
import static org.dkimproxy.interop.MessageSet.MESSAGE_ID;
import static org.dkimproxy.interop.MessageSet.SUBJECT;
import static org.dkimproxy.interop.MessageSet.TO;
import static org.dkimproxy.interop.MessageSet.header;
import static org.dkimproxy.interop.MessageSet.utf8;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The part of the {@link MessageSet} that is about header fields, other than the author's. */
@SuppressWarnings("StringConcatToTextBlock") // lines end in CRLF, in sight
final class HeaderMessages {
    private static final String OLD_SIGNATURE = "DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed;\r\n"
            + "\td=example.com; s=old; h=from:to:subject;\r\n"
            + "\tbh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=;\r\n\tb=AAAA\r\n";

    private HeaderMessages() {}

    static Stream<Mail> all() {
        return Stream.of(
                        ordinary(),
                        octets(),
                        folding(),
                        blanks(),
                        long_(),
                        repeated(),
                        names(),
                        values(),
                        traced(),
                        lists(),
                        resent())
                .flatMap(messages -> messages);
    }

    private static String received(String hop) {
        return "Received: from " + hop + ".example.com (" + hop + ".example.com [192.0.2.1])\r\n"
                + "\tby mx.example.org with ESMTP id 4711;\r\n\tFri, 11 Jul 2025 21:01:" + hop + " -0700\r\n";
    }

    private static String subject(String value) {
        return FROM + TO + "Subject:" + value + CRLF + DATE + MESSAGE_ID;
    }

    private static Stream<Mail> ordinary() {
        return Stream.of(
                header("ordinary", HEADER),
                header("from-only", FROM),
                header("from-last", TO + SUBJECT + DATE + MESSAGE_ID + FROM),
                header("no-date", FROM + TO + SUBJECT + MESSAGE_ID),
                header("no-message-id", FROM + TO + SUBJECT + DATE),
                header("no-subject-no-to", FROM + DATE + MESSAGE_ID),
                header(
                        "reply",
                        HEADER + "Reply-To: team@example.org\r\nCc: a@example.com,\r\n b@example.com\r\n"
                                + "In-Reply-To: <1@example.com>\r\nReferences: <0@example.com>\r\n\t<1@example.com>\r\n"));
    }

    private static Stream<Mail> octets() {
        return Stream.of(
                header("utf8-subject", subject(utf8(" Grüße, 日本語 🎉"))),
                header("utf8-everywhere", HEADER + utf8("Cc: Jörg <jörg@example.com>\r\nX-Note: ‘quoted’\r\n")),
                header("latin1-subject", subject(" Gr\u00fc\u00dfe \u00a0 aus K\u00f6ln")),
                header("latin1-nbsp-at-ends", subject(" \u00a0nbsp at both ends\u00a0")),
                header("utf8-nel-at-end", subject(utf8(" next line at the end\u0085"))),
                header("encoded-words", subject(" =?UTF-8?B?R3LDvMOfZQ==?=\r\n =?iso-8859-1?Q?K=F6ln?=")),
                header("unsigned-8bit", HEADER + "X-Raw: \u00e4\u00f6\u00fc\u00ff\u0080\r\n"),
                header("control-octets", subject(" a\u0001b\u0007c\u007f\u001bd")));
    }

    private static Stream<Mail> folding() {
        return Stream.of(
                header("fold-after-colon", subject("\r\n folded at once")),
                header("fold-after-colon-blank", subject(" \r\n\tfolded at once")),
                header("fold-blank-line-inside", subject(" one\r\n \r\n two")),
                header("fold-blank-line-last", subject(" one\r\n \t ")),
                header("fold-only-blanks", subject("\r\n \r\n\t")),
                header("fold-tabs", subject(" one\r\n\ttwo\r\n\t\tthree")),
                header("fold-many-blanks", subject(" one  \r\n      two \t\r\n \t \tthree   ")),
                header("fold-every-word", subject(" a\r\n b\r\n c\r\n d\r\n e\r\n f")));
    }

    private static Stream<Mail> blanks() {
        return Stream.of(
                header("blank-before-colon", FROM + TO + "Subject : with a blank\r\n" + DATE + MESSAGE_ID),
                header("tab-before-colon", FROM + "To\t: a@example.com\r\n" + SUBJECT + DATE + MESSAGE_ID),
                header("no-blank-after-colon", subject("at once")),
                header("many-blanks-after-colon", subject("  \t  later")),
                header("trailing-blanks-in-fields", subject(" one \t ") + "X-Also: blanks   \r\n"),
                header("runs-of-blanks-in-fields", subject(" one  two\t\tthree \t four")),
                header("empty-values", subject("") + "Cc:\r\nComments: \r\nX-Empty:\r\n"));
    }

    private static Stream<Mail> long_() {
        String many = IntStream.range(0, 195)
                .mapToObj(i -> "X-Field-" + i + ": value " + i + CRLF)
                .collect(Collectors.joining());
        String references = IntStream.range(0, 400)
                .mapToObj(i -> "<" + i + ".reference@long.example.com>")
                .collect(Collectors.joining("\r\n "));
        return Stream.of(
                header("two-hundred-fields", HEADER + many),
                header("two-hundred-comments", HEADER + "Comments: again\r\n".repeat(195)),
                header("long-references", HEADER + "References: " + references + CRLF),
                header("header-line-of-998", subject(" " + "s".repeat(998 - 9))),
                header("header-line-of-1000", subject(" " + "word ".repeat(198) + "x")),
                header("header-line-of-30000", subject(" " + "s".repeat(30_000 - 9))));
    }

    private static Stream<Mail> repeated() {
        return Stream.of(
                header("two-subjects", HEADER + "Subject: another\r\n"),
                header("two-to", HEADER + "To: other@example.com\r\n"),
                header("two-to-apart", "To: first@example.com\r\n" + HEADER),
                header(
                        "two-comments",
                        HEADER + "Comments: one\r\nComments: two\r\nX-Between: x\r\ncomments: three\r\n"),
                header("duplicates-unsigned", HEADER + "X-Twice: one\r\nX-Twice: two\r\nx-twice: one\r\n"),
                header(
                        "duplicate-content-type",
                        HEADER + "MIME-Version: 1.0\r\nContent-Type: text/plain\r\n" + "Content-Type: text/html\r\n"),
                header("same-field-thrice", SUBJECT + SUBJECT + SUBJECT + FROM + TO + DATE + MESSAGE_ID));
    }

    private static Stream<Mail> names() {
        return Stream.of(
                header(
                        "mixed-case-names",
                        "FROM: joe@example.org\r\ntO: a@example.com\r\nSUBJECT: loud\r\n"
                                + "date: Fri, 11 Jul 2025 21:00:37 -0700\r\nMESSAGE-id: <1@example.org>\r\n"),
                header(
                        "prefix-names",
                        "Fro: a\r\nX-From: b\r\nFrom-X: c\r\n" + HEADER
                                + "Subj: d\r\nSubject-X: e\r\nSubjects: f\r\nT: g\r\nToo: h\r\n"),
                header("odd-names", HEADER + "X!#$%&'*+-.^_`|~: odd\r\n0: zero\r\nx_y.z: w\r\n"));
    }

    private static Stream<Mail> values() {
        return Stream.of(
                header("colons-and-semicolons", subject(" a: b; c=d; :::") + "Comments: ;=;=\r\n"),
                header("backslashes-and-quotes", subject(" \\\"a\\\" \"b\\\\\" (c\\)")),
                header("value-like-field", subject(" From: someone@example.com\r\n From: other@example.com")));
    }

    private static Stream<Mail> traced() {
        String received = received("11") + received("22") + received("33");
        return Stream.of(
                header("three-received", received + HEADER),
                header("received-between", FROM + received + TO + SUBJECT + DATE + MESSAGE_ID),
                header("return-path", "Return-Path: <joe@example.org>\r\n" + received + HEADER),
                header("already-signed", OLD_SIGNATURE + HEADER),
                header("signed-below", HEADER + OLD_SIGNATURE + OLD_SIGNATURE),
                header(
                        "authenticated",
                        "Authentication-Results: mx.example.org;\r\n\tspf=pass smtp.mailfrom=example.org;\r\n"
                                + "\tdkim=none\r\nARC-Seal: i=1; a=rsa-sha256; t=1; cv=none; d=example.org; s=a; b=AAAA\r\n"
                                + OLD_SIGNATURE + HEADER));
    }

    private static Stream<Mail> lists() {
        String list = "List-Id: \"The  List\" <list.example.org>\r\nList-Help: <mailto:help@example.org>\r\n"
                + "List-Unsubscribe: <https://example.org/u?x=1;y=2>,\r\n <mailto:leave@example.org>\r\n"
                + "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\nList-Subscribe: <mailto:join@example.org>\r\n"
                + "List-Post: NO (closed)\r\nList-Owner: <mailto:owner@example.org>\r\n"
                + "List-Archive: <https://example.org/archive>\r\n";
        return Stream.of(
                header("list-fields", list + HEADER),
                header("list-after", HEADER + list + "Precedence: list\r\nSender: list-bounces@example.org\r\n"),
                header("list-id-odd", HEADER + "List-Id:\r\n\tphrase (comment)\r\n\t<List.Example.ORG>\r\n"));
    }

    private static Stream<Mail> resent() {
        String first = "Resent-Date: Sat, 12 Jul 2025 08:00:00 +0200\r\nResent-From: ann@example.org\r\n"
                + "Resent-To: bob@example.com\r\nResent-Message-ID: <r1@example.org>\r\n";
        String second = "Resent-Date: Sat, 12 Jul 2025 09:00:00 +0200\r\nResent-From: bob@example.com\r\n"
                + "Resent-Sender: desk@example.com\r\nResent-To: carl@example.net\r\nResent-Cc: dora@example.net\r\n"
                + "Resent-Message-ID: <r2@example.com>\r\n";
        return Stream.of(
                header("resent-once", first + HEADER),
                header("resent-twice", second + first + HEADER),
                Mail.of("resent-below", HEADER + second + first + CRLF + BODY));
    }
}
