package org.dkimproxy.interop;

import static org.dkimproxy.interop.MessageSet.HEADER;
import static org.dkimproxy.interop.MessageSet.author;
import static org.dkimproxy.interop.MessageSet.utf8;

import java.util.stream.Stream;

/** The part of the {@link MessageSet} that is about who the author is. */
@SuppressWarnings("StringConcatToTextBlock") // lines end in CRLF, in sight
final class AddressMessages {
    private AddressMessages() {}

    static Stream<Mail> all() {
        return Stream.of(forms(), senders(), international(), refused()).flatMap(messages -> messages);
    }

    private static Stream<Mail> forms() {
        return Stream.of(
                author("bare-address", "From: joe@example.org\r\n"),
                author("angle-only", "From:<joe@example.org>\r\n"),
                author("plus-extension", "From: Joe <joe+news@example.org>\r\n"),
                author("subdomain-author", "From: joe@mail.dept.example.org\r\n"),
                author("upper-case-domain", "From: JOE@EXAMPLE.ORG\r\n"),
                author("comments", "From: (first) joe (the (nested) \\) one) @ (c) example.org (last)\r\n"),
                author("comment-with-address", "From: (x <no@example.com>) Joe <joe@example.org> (y@example.com)\r\n"),
                author("quoted-local-part", "From: \"joe @ home, <x>\"@example.org\r\n"),
                author("quoted-display-name", "From: \"Sender, Joe <no@example.com>\" <joe@example.org>\r\n"),
                author("encoded-display-name", "From: =?UTF-8?Q?J=C3=B6rg?= <joe@example.org>\r\n"),
                author("multiple-mailboxes", "From: Joe <joe@example.org>,\r\n Ann <ann@example.org>\r\n"),
                author("route-address", "From: Joe <@a.example.com,@b.example.com:joe@example.org>\r\n"),
                author("group-author", "From: Team: joe@example.org, ann@example.org;\r\n"),
                author("folded-author", "From:\r\n Joe\r\n\tSender\r\n <joe@example.org>\r\n"),
                author(
                        "group-recipients",
                        "From: joe@example.org\r\nCc: Friends: a@example.com, b@example.com;\r\n"
                                + "Bcc: undisclosed-recipients:;\r\n"));
    }

    private static Stream<Mail> senders() {
        return Stream.of(
                author("sender-differs", "Sender: desk@example.org\r\nFrom: joe@sub.example.org\r\n"),
                author("sender-below-from", "From: joe@example.org\r\nSender: Desk <desk@lists.example.org>\r\n"),
                author("sender-same", "From: joe@example.org\r\nSender: joe@example.org\r\n"),
                author("sender-and-many-authors", "From: a@example.org, b@example.org\r\nSender: b@example.org\r\n"));
    }

    private static Stream<Mail> international() {
        return Stream.of(
                author("utf8-display-name", utf8("From: Jörg Müller <joe@example.org>\r\n")),
                author("latin1-display-name", "From: J\u00f6rg M\u00fcller <joe@example.org>\r\n"),
                author("utf8-local-part", utf8("From: jörg@example.org\r\n")),
                author("u-label-subdomain", utf8("From: Jörg <jörg@bücher.example.org>\r\n")),
                author("u-label-domain", utf8("From: Jörg <jörg@bücher.example>\r\n"), Mail.Trait.FOREIGN_AUTHOR),
                author("u-label-upper-case", utf8("From: joe@BÜCHER.example\r\n"), Mail.Trait.FOREIGN_AUTHOR),
                author("u-label-han", utf8("From: info@例え.テスト.example\r\n"), Mail.Trait.FOREIGN_AUTHOR),
                author("ambiguous-u-label", utf8("From: info@straße.example\r\n"), Mail.Trait.FOREIGN_AUTHOR),
                author("domain-literal", "From: joe@[192.0.2.1]\r\n", Mail.Trait.FOREIGN_AUTHOR),
                author("no-host-name", "From: joe@-not_a.host-.example\r\n", Mail.Trait.FOREIGN_AUTHOR),
                author("a-label-domain", "From: joe@xn--bcher-kva.example\r\n", Mail.Trait.FOREIGN_AUTHOR));
    }

    private static Stream<Mail> refused() {
        return Stream.of(
                author("refused-no-from", "", Mail.Trait.REFUSED),
                author("refused-sender-only", "Sender: joe@example.org\r\n", Mail.Trait.REFUSED),
                author("refused-two-from", "From: joe@example.org\r\nFrom: ann@example.org\r\n", Mail.Trait.REFUSED),
                MessageSet.header("refused-two-from-apart", HEADER + "from: ann@example.org\r\n", Mail.Trait.REFUSED));
    }
}
