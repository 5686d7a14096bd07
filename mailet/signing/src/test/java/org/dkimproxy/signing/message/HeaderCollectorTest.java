package org.dkimproxy.signing.message;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HeaderCollectorTest {
    private static final int LIMIT = 1 << 20;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "'A: 1\\r\\n\\r\\nbody'             | 'A: 1'                 | 'body'",
                "'A: 1\\r\\n\\r\\n'                 | 'A: 1'                 | ''",
                "'A: 1\\r\\nB: 2\\r\\n\\r\\n\\r\\n' | 'A: 1;B: 2'            | '\\r\\n'",
                "'\\r\\nA: 1\\r\\n\\r\\nbody'       | ''                     | 'A: 1\\r\\n\\r\\nbody'",
                "'\\r\\n'                           | ''                     | ''",
                "''                                 | ''                     | 'none'",
                "'A: 1\\r\\n'                       | 'A: 1'                 | 'none'",
                "'A: 1'                             | 'A: 1'                 | 'none'",
                "'A: 1\\r'                          | 'A: 1'                 | 'none'",
                "'A: 1\\r\\n 2\\r\\n \\t\\r\\nB:'   | 'A: 1\\r\\n 2\\r\\n \\t;B:' | 'none'",
                "'A: 1\\r\\n \\r\\n\\r\\nbody'      | 'A: 1\\r\\n '          | 'body'",
                "'A: 1\\n\\nB: 2\\r\\n\\r\\nbody'   | 'A: 1\\n\\nB: 2'       | 'body'",
                "'A: 1\\r\\n\\nB: 2\\r\\n\\r\\nx'   | 'A: 1'                 | 'x'",
                "'A: 1\\r\\r\\n\\r\\nx'             | 'A: 1\\r'              | 'x'",
                "'A: 1\\n\\r\\n\\r\\nx'             | 'A: 1\\n'              | 'x'",
            })
    void header_and_body_part_at_the_first_empty_line_however_they_are_cut(String message, String fields, String body) {
        byte[] octets = unescaped(message).getBytes(ISO_8859_1);
        for (int first = 0; first <= octets.length; first++) {
            for (int second = first; second <= octets.length; second++) {
                Parts parts = parts(octets, LIMIT, first, second, octets.length);
                assertThat(parts.fields()).as("cut at %d, %d", first, second).isEqualTo(unescaped(fields));
                assertThat(parts.body()).as("cut at %d, %d", first, second).isEqualTo(unescaped(body));
            }
        }
    }

    @Test
    void a_header_is_too_large_by_its_octets_with_the_empty_line_and_not_by_how_they_were_cut() {
        byte[] octets = "A: 1\r\nB: 2\r\nC: 3\r\n\r\nbody\r\n".getBytes(ISO_8859_1);
        for (int limit = 0; limit < 30; limit++) {
            for (int cut = 0; cut <= octets.length; cut++) {
                boolean tooLarge = parts(octets, limit, cut, octets.length).tooLarge();
                assertThat(tooLarge).as("limit %d, cut at %d", limit, cut).isEqualTo(limit < 20);
            }
        }
    }

    @Test
    void a_header_without_an_empty_line_is_measured_with_the_line_end_it_gets() {
        byte[] octets = "A: 1\r\nB: 2".getBytes(ISO_8859_1);
        assertThat(parts(octets, 12, octets.length).tooLarge()).isFalse();
        assertThat(parts(octets, 11, octets.length).tooLarge()).isTrue();
    }

    /** Cut off there, the field would end in an octet less, and another address be read. */
    @Test
    void a_last_line_that_ends_in_a_stray_lf_loses_no_octet() {
        byte[] octets = "From: a@example.com\n".getBytes(ISO_8859_1);
        HeaderCollector collector = new HeaderCollector(LIMIT);
        collector.update(octets, 0, octets.length);
        collector.finish();
        assertThat(text(collector.fields().inOrder().getFirst())).isEqualTo("From: a@example.com\n");
        assertThat(collector.fields().defect())
                .contains("header line 1 holds a stray CR, LF or NUL (RFC 5322 section 2.2)");
    }

    @Test
    void a_message_of_one_stray_lf_is_no_field() {
        HeaderCollector collector = new HeaderCollector(LIMIT);
        collector.update(new byte[] {'\n'}, 0, 1);
        collector.finish();
        assertThat(collector.fields().inOrder()).isEmpty();
        assertThat(collector.fields().defect()).contains("header line 1 is not a field (RFC 5322 section 2.2)");
    }

    private record Parts(String fields, String body, boolean tooLarge) {}

    private static Parts parts(byte[] octets, int limit, int... cuts) {
        HeaderCollector collector = new HeaderCollector(limit);
        int from = 0;
        for (int cut : cuts) {
            // an array of its own, so that nothing beyond the chunk can be seen
            byte[] chunk = new String(octets, from, cut - from, ISO_8859_1).getBytes(ISO_8859_1);
            int body = collector.update(chunk, 0, chunk.length);
            if (body != HeaderCollector.NOT_ENDED) {
                int begin = from + body;
                String rest = new String(octets, begin, octets.length - begin, ISO_8859_1);
                return new Parts(shown(collector.fields()), rest, collector.tooLarge());
            }
            from = cut;
        }
        collector.finish();
        return new Parts(shown(collector.fields()), "none", collector.tooLarge());
    }

    private static String shown(HeaderFields fields) {
        List<HeaderField> inOrder = fields.inOrder();
        return inOrder.stream().map(HeaderCollectorTest::text).collect(Collectors.joining(";"));
    }

    private static String text(HeaderField field) {
        return new String(field.block(), field.begin(), field.end() - field.begin(), ISO_8859_1);
    }

    private static String unescaped(String text) {
        return text.substring(1, text.length() - 1).translateEscapes();
    }
}
