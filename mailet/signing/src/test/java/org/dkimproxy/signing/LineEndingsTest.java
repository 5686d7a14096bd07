package org.dkimproxy.signing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 6376 section 5.3. */
class LineEndingsTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "''             | ''",
                "'x'            | 'x\\r\\n'",
                "'x\\r\\n'      | 'x\\r\\n'",
                "'x\\n'         | 'x\\r\\n'",
                "'x\\r'         | 'x\\r\\n'",
                "'\\r'          | '\\r\\n'",
                "'\\n'          | '\\r\\n'",
                "'\\r\\n'       | '\\r\\n'",
                "'\\n\\r'       | '\\r\\n\\r\\n'",
                "'\\r\\r\\n'    | '\\r\\n'",
                "'\\r\\r\\r\\nx' | '\\r\\nx\\r\\n'",
                "'\\r\\rx'     | '\\r\\n\\r\\nx\\r\\n'",
                "'\\r\\r'      | '\\r\\n\\r\\n'",
                "'\\r\\n\\n'    | '\\r\\n\\r\\n'",
                "'a\\rb\\nc'    | 'a\\r\\nb\\r\\nc\\r\\n'",
                "'a\\n.\\nb'    | 'a\\r\\n.\\r\\nb\\r\\n'",
                "'a\\r.\\rb'    | 'a\\r\\n.\\r\\nb\\r\\n'",
            })
    void each_line_ends_in_crlf(String text, String expected) {
        String raw = unescaped(text);
        assertThat(inTwo(raw, 0)).isEqualTo(unescaped(expected));
        assertThat(reference(raw)).as("reference").isEqualTo(unescaped(expected));
    }

    @Test
    void any_cut_gives_the_same() {
        Random random = new Random(5321);
        List<String> pieces = List.of("\r\n", "\r", "\n", "x", ".", "\u0080");
        for (int i = 0; i < 5_000; i++) {
            StringBuilder built = new StringBuilder();
            for (int length = random.nextInt(20); length > 0; length--) {
                built.append(pieces.get(random.nextInt(pieces.size())));
            }
            String text = built.toString();
            for (int cut = 0; cut <= text.length(); cut++) {
                assertThat(inTwo(text, cut)).isEqualTo(reference(text));
            }
            assertThat(octetwise(text)).isEqualTo(reference(text));
        }
    }

    @Test
    void what_is_right_passes_in_one_piece_of_the_buffer_it_came_in() throws Exception {
        byte[] buffer = "a\r\nb\r\n\r\nc\r\n".getBytes(ISO_8859_1);
        new LineEndings().update(buffer, 3, 8, (passed, offset, length) -> {
            assertThat(passed).isSameAs(buffer);
            assertThat(offset).isEqualTo(3);
            assertThat(length).isEqualTo(8);
        });
    }

    private static String reference(String text) {
        String ended = text.replaceAll("\r+\n", "\n").replace('\r', '\n').replace("\n", "\r\n");
        return ended.isEmpty() || ended.endsWith("\r\n") ? ended : ended + "\r\n";
    }

    private static String inTwo(String text, int cut) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        LineEndings lineEndings = new LineEndings();
        feed(lineEndings, text.substring(0, cut), out);
        feed(lineEndings, text.substring(cut), out);
        lineEndings.finish(out::write);
        return out.toString(ISO_8859_1);
    }

    private static String octetwise(String text) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        LineEndings lineEndings = new LineEndings();
        for (int i = 0; i < text.length(); i++) {
            feed(lineEndings, text.substring(i, i + 1), out);
            feed(lineEndings, "", out);
        }
        lineEndings.finish(out::write);
        return out.toString(ISO_8859_1);
    }

    private static void feed(LineEndings lineEndings, String text, ByteArrayOutputStream out) {
        byte[] buffer = ("\n" + text + "\n").getBytes(ISO_8859_1);
        lineEndings.update(buffer, 1, text.length(), out::write);
        Arrays.fill(buffer, (byte) '!');
    }

    private static String unescaped(String text) {
        return text.substring(1, text.length() - 1).translateEscapes();
    }
}
