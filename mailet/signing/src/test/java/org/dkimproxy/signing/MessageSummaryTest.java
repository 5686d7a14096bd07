package org.dkimproxy.signing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MessageSummaryTest {

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            delimiter = '|',
            value = {
                "m@x | @x  | -   | a@x | message-id=<m@x>, signer=<@x>, from=<a@x>",
                "m@x | @x  | s@x | -   | message-id=<m@x>, signer=<@x>, sender=<s@x>",
                "m@x | @x  | s@x | a@x | message-id=<m@x>, signer=<@x>, sender=<s@x>",
                "-   | -   | -   | a@x | from=<a@x>",
                "m@x | -   | -   | -   | message-id=<m@x>",
                "''  | ''  | -   | ''  | 'message-id=<>, signer=<>, from=<>'",
                "-   | -   | -   | -   | ''",
            })
    void what_is_known_in_one_line(String messageId, String signer, String sender, String from, String line) {
        MessageSummary summary = new MessageSummary(
                Optional.ofNullable(messageId),
                Optional.ofNullable(signer),
                Optional.ofNullable(sender),
                Optional.ofNullable(from));
        assertThat(summary.attributes()).isEqualTo(line);
    }

    @Test
    void what_does_not_print_or_turns_a_line_is_a_question_mark() {
        String nasty =
                "a\r\nb\0c\u001b[31md\u007fe\u0085f\u009b31mg\u2028h\u2029i\u202ej\u200bk\ue000l\ud800m\ufeffn\u00adö😀";
        assertThat(MessageSummary.printable(nasty)).isEqualTo("a??b?c?[31md?e?f?31mg?h?i?j?k?l?m?n?ö😀");
    }

    @Test
    void a_value_cannot_end_itself_and_begin_another() {
        MessageSummary summary = new MessageSummary(
                Optional.of("a>, signer=<x"),
                Optional.of("@example.org"),
                Optional.empty(),
                Optional.of("\"x>, signer=<y\"@d.example"));
        assertThat(summary.attributes())
                .isEqualTo(
                        "message-id=<a?, signer=?x>, signer=<@example.org>," + " from=<\"x?, signer=?y\"@d.example>");
    }

    @Test
    void a_long_value_is_cut_between_characters() {
        String cut = MessageSummary.printable("😀".repeat(1 << 20));
        assertThat(cut).isEqualTo("😀".repeat(320));
        MessageSummary summary = new MessageSummary(
                Optional.of("m".repeat(10_000)),
                Optional.of("s".repeat(10_000)),
                Optional.empty(),
                Optional.of("f".repeat(10_000)));
        assertThat(summary.attributes()).hasSizeLessThan(1010);
    }
}
