package org.dkimproxy.signing.message;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HeaderFieldsTest {

    @ParameterizedTest
    @ValueSource(strings = {"Subject:", "Subject :", "subject \t :", "SUBJECT\t:"})
    void blanks_before_the_colon_belong_to_neither_name_nor_value(String begin) {
        HeaderField field = Headers.of(begin + " x\r\n").inOrder().getFirst();
        assertThat(field.name()).isEqualTo("subject");
        assertThat(value(field)).isEqualTo(" x");
    }

    @Test
    void a_name_may_hold_any_printable_character_but_the_colon() {
        String printable = Headers.of("!\"#$%&'()*+,-./09;<=>?@AZ[\\]^_`az{|}~: x\r\n")
                .inOrder()
                .getFirst()
                .name();
        assertThat(printable).isEqualTo("!\"#$%&'()*+,-./09;<=>?@az[\\]^_`az{|}~");
    }

    @Test
    void folds_belong_to_the_field_even_when_a_line_is_all_blanks() {
        HeaderFields fields = Headers.of("A: 1\r\n \t\r\n 2\r\n\t\r\nB:\r\n 3\r\n");
        assertThat(fields.inOrder().stream().map(HeaderFieldsTest::value).collect(Collectors.toList()))
                .containsExactly(" 1\r\n \t\r\n 2\r\n\t", "\r\n 3");
        assertThat(fields.defect()).isEmpty();
    }

    @Test
    void fields_of_one_name_come_from_the_top_down_whatever_their_case() {
        HeaderFields fields = Headers.of("X: 1\r\nY: 2\r\nx: 3\r\nX : 4\r\n");
        assertThat(fields.named("x").stream().map(HeaderFieldsTest::value)).containsExactly(" 1", " 3", " 4");
        assertThat(fields.named("z")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "'A: 1\\r\\nB 2\\r\\n'            | 2 | is not a field",
                "'A: 1\\r\\n: 2\\r\\n'            | 2 | is not a field",
                "' A: 1\\r\\nB: 2\\r\\n'          | 1 | is not a field",
                "'A: 1\\r\\n 2\\r\\n 3\\r\\nB\\r\\n' | 4 | is not a field",
                "'A B: 1\\r\\n'                   | 1 | is not a field",
                "'\\u00e9: 1\\r\\n'               | 1 | is not a field",
                "'A\\0: 1\\r\\n'                  | 1 | is not a field",
                "'A\\177: 1\\r\\n'                | 1 | is not a field",
                "'A: 1\\r\\n--\\r\\nB: 2\\r\\n'   | 2 | is not a field",
                "'From a@b Mon\\r\\nA: 1\\r\\n'   | 1 | is not a field",
                "'A\\r\\n : 1\\r\\n'              | 1 | is not a field",
                "'A: 1\\nB: 2\\r\\n'              | 1 | holds a stray CR, LF or NUL",
                "'A: 1\\rB: 2\\r\\n'              | 1 | holds a stray CR, LF or NUL",
                "'A: 1\\r\\r\\n'                  | 1 | holds a stray CR, LF or NUL",
                "'A: 1\\n\\r\\n'                  | 1 | holds a stray CR, LF or NUL",
                "'A: 1\\r\\nB: \\0\\r\\n'         | 2 | holds a stray CR, LF or NUL",
                "'A: 1\\r\\n\\tx\\ry\\r\\nB\\r\\n'| 1 | holds a stray CR, LF or NUL",
            })
    void the_first_defect_is_told_with_its_line(String block, int line, String defect) {
        String raw = block.substring(1, block.length() - 1)
                .replace("\\u00e9", "\u00e9")
                .translateEscapes();
        assertThat(Headers.of(raw).defect()).contains("header line " + line + " " + defect + " (RFC 5322 section 2.2)");
    }

    @Test
    void eight_bit_and_control_characters_in_a_value_are_no_defect() {
        assertThat(Headers.of("A: \u0080\u00ff\u0001\u001b\u007f\t\u000b\r\n").defect())
                .isEmpty();
    }

    @Test
    void what_is_no_field_is_left_out_and_the_rest_is_there() {
        HeaderFields fields = Headers.of("A: 1\r\nbroken\r\n folded\r\nB: 2\r\n");
        assertThat(fields.inOrder().stream().map(HeaderField::name)).containsExactly("a", "b");
    }

    /** Ten times the fields may take ten times as long; quadratic work would take a hundred times. */
    @ParameterizedTest
    @ValueSource(strings = {"X: 1\r\n", "X: 1\r\n 2\r\n", "X\r\n"})
    void reading_is_linear_in_the_number_of_fields(String field) {
        long few = bestNanos(field.repeat(10_000));
        long many = bestNanos(field.repeat(100_000));
        assertThat(many).isLessThan(40 * few + 20_000_000);
    }

    @Test
    void more_fields_than_the_limit_are_not_read() {
        HeaderFields most = Headers.of("X:1\r\n".repeat(HeaderFields.MOST));
        HeaderFields more = Headers.of("X:1\r\n".repeat(HeaderFields.MOST + 1));
        assertThat(most.tooMany()).isFalse();
        assertThat(more.tooMany()).isTrue();
        assertThat(more.inOrder()).hasSize(HeaderFields.MOST);
    }

    private static long bestNanos(String block) {
        long best = Long.MAX_VALUE;
        for (int i = 0; i < 5; i++) {
            long begin = System.nanoTime();
            Headers.of(block);
            best = Math.min(best, System.nanoTime() - begin);
        }
        return best;
    }

    private static String value(HeaderField field) {
        return new String(field.block(), field.valueBegin(), field.end() - field.valueBegin(), ISO_8859_1);
    }
}
