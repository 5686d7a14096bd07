package org.dkimproxy.signing.message;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which field names the originator; how a field is read is in {@code from.tsv} and {@link AddressReaderTest}. */
class OriginatorTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "From: a@b.example                                       | from a@b.example",
                "FROM : a@b.example                                      | from a@b.example",
                "From: a@b.example\\r\\nSender: c@d.example              | sender c@d.example",
                "Sender: c@d.example\\r\\nFrom: a@b.example, e@f.example | sender c@d.example",
                "From: a@b.example\\r\\nResent-Sender: c@d.example       | from a@b.example",
                "Sender: c@d.example                                     | sender c@d.example",
                "From: Joe\\r\\nSender: c@d.example                      | sender c@d.example",
                "From: a@b.example\\r\\nFrom: e@f.example\\r\\nSender: c@d.example | sender c@d.example",
                "Subject: x                                              | no From field (RFC 6376 section 5.4)",
                "From: a@b.example\\r\\nfrom: a@b.example                | 2 From fields (RFC 6376 section 8.15)",
                "From: a@b.example\\r\\nFrom:\\r\\nFROM : x              | 3 From fields (RFC 6376 section 8.15)",
                "From: a@b.example\\r\\nSender: c@d.example\\r\\nSender: c@d.example"
                        + "                                              | 2 Sender fields (RFC 6376 section 8.15)",
                "From: a@b@c.example                                     | no address in the From field: a@b@c.example",
                "From:                                                   | no address in the From field",
                // a Sender that does not name one originator gives way
                "Sender: c@d.example, e@f.example\\r\\nFrom: a@b.example | from a@b.example",
                "From: a@b.example\\r\\nSender:                          | from a@b.example",
                "From: a@b.example\\r\\nSender: <>                       | from a@b.example",
                "From: Joe\\r\\nSender: <>                               | no address in the From field: Joe",
                // the domain above all others stands for all, the first of several
                "From: a@b.c.example, d@c.example, e@c.example           | from d@c.example",
                "From: a@b.example, c@b.example                          | from a@b.example",
                "From: a@x.c.example, b@y.c.example                      | addresses of several domains in the From field:"
                        + " a@x.c.example, b@y.c.example",
                "From: a@x.c.example, b@y.c.example, d@c.example         | from d@c.example",
                "From: a@xc.example, b@c.example                         | addresses of several domains in the From field:"
                        + " a@xc.example, b@c.example",
                "From: =?utf-8?Q?<x@evil.example>?= <a@b.example>        | addresses of several domains in the From field:"
                        + " =?utf-8?Q?<x@evil.example>?= <a@b.example>",
                "From: a@\\303\\244.example, b@xn--4ca.example           | from a@\u00e4.example",
            })
    void sender_before_from(String block, String expected) {
        assertThat(shown(block, Originator.Source.SENDER, Originator.Several.UNKNOWN))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "From: a@b.example\\r\\nSender: c@d.example | from a@b.example",
                "From: a@b.example\\r\\nSender: c@d.example\\r\\nSender: c@d.example | from a@b.example",
                "Sender: c@d.example | no From field (RFC 6376 section 5.4)",
            })
    void from_only(String block, String expected) {
        assertThat(shown(block, Originator.Source.FROM, Originator.Several.UNKNOWN))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "From: a@b.example, c@d.example | from a@b.example",
                "From: Doe, a@b.example; c@d.example | from a@b.example",
                "From: a@b.example\\r\\nSender: c@d.example, e@f.example | sender c@d.example",
            })
    void the_first_of_several_domains_where_that_is_asked_for(String block, String expected) {
        assertThat(shown(block, Originator.Source.SENDER, Originator.Several.FIRST))
                .isEqualTo(expected);
    }

    private static String shown(String block, Originator.Source source, Originator.Several several) {
        Originator originator = Originator.of(Headers.of(block.translateEscapes() + "\r\n"), source, several);
        return switch (originator) {
            case Originator.Known known -> (known.fromSender() ? "sender " : "from ") + known.address();
            case Originator.Unknown unknown ->
                unknown.field().isEmpty() ? unknown.reason() : unknown.reason() + ": " + unknown.field();
        };
    }
}
