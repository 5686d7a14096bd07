package org.dkimproxy.signing.message;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
                "Sender: c@d.example, e@f.example\\r\\nFrom: a@b.example | sender c@d.example",
                "From: a@b.example\\r\\nResent-Sender: c@d.example       | from a@b.example",
                "Subject: x                                              | no From field (RFC 6376 section 5.4)",
                "Sender: c@d.example                                     | no From field (RFC 6376 section 5.4)",
                "From: a@b.example\\r\\nfrom: a@b.example                | 2 From fields (RFC 6376 section 8.15)",
                "From: a@b.example\\r\\nFrom:\\r\\nFROM : x              | 3 From fields (RFC 6376 section 8.15)",
                "From: a@b.example\\r\\nSender: c@d.example\\r\\nSender: c@d.example"
                        + "                                              | 2 Sender fields (RFC 6376 section 8.15)",
                "From: a@b@c.example                                     | no address can be read from the From field",
                "From:                                                   | no address can be read from the From field",
                "From: Joe\\r\\nSender: c@d.example                      | no address can be read from the From field",
                "From: a@b.example\\r\\nSender:                          | no address can be read from the Sender field",
                "From: a@b.example\\r\\nSender: <>                       | no address can be read from the Sender field",
            })
    void sender_decides_else_from_and_doubt_is_told(String block, String expected) {
        Originator originator = Originator.of(Headers.of(block.translateEscapes() + "\r\n"));
        String shown = switch (originator) {
            case Originator.Known known -> (known.fromSender() ? "sender " : "from ") + known.address();
            case Originator.Unknown unknown -> unknown.reason();
        };
        assertThat(shown).isEqualTo(expected);
    }
}
