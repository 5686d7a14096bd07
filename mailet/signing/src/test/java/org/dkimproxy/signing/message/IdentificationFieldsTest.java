package org.dkimproxy.signing.message;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IdentificationFieldsTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "Message-ID: <a@b>                         | a@b  | none",
                "Message-ID: <a@b>\\r\\nMessage-Id: <c@d>  | c@d  | none",
                "Message-ID: x <\\r\\n a@b > y <z>         | a@b  | none",
                "Message-ID: a@b                           | none | none",
                "Message-ID: <a@b                          | none | none",
                "Message-ID: a@b>                          | none | none",
                "Message-ID: >a<b>                         | b    | none",
                "Subject: <a@b>                            | none | none",
                "List-Id: My List <l.example>              | none | l.example",
                "List-Id: <l.example>\\r\\nList-Id: <m.example> | none | l.example",
                "List-Id: l.example                        | none | none",
            })
    void an_id_is_what_stands_in_the_first_brackets(String block, String messageId, String listId) {
        HeaderFields fields = Headers.of(block.translateEscapes() + "\r\n");
        assertThat(IdentificationFields.messageId(fields).orElse("none")).isEqualTo(messageId);
        assertThat(IdentificationFields.listId(fields).orElse("none")).isEqualTo(listId);
    }
}
