package org.dkimproxy.standalone.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DotStufferTest {
    @ParameterizedTest
    @CsvSource(
            value = {
                "''                  | '.\\r\\n'",
                "'a\\r\\n'           | 'a\\r\\n.\\r\\n'",
                "'.\\r\\n'           | '..\\r\\n.\\r\\n'",
                "'..a\\r\\n.b\\r\\n' | '...a\\r\\n..b\\r\\n.\\r\\n'",
                "'a.\\r\\nb..\\r\\n' | 'a.\\r\\nb..\\r\\n.\\r\\n'",
                "'\\r\\n.\\r\\n'     | '\\r\\n..\\r\\n.\\r\\n'",
                "'a'                 | 'a\\r\\n.\\r\\n'",
            },
            delimiter = '|')
    void dots_at_line_starts_are_doubled_however_it_is_split(String message, String wire) {
        byte[] octets = Wire.octets(message.translateEscapes());
        for (int split = 0; split <= octets.length; split++) {
            DotStuffer stuffer = new DotStuffer();
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            stuffer.update(octets, 0, split, out::write);
            stuffer.update(octets, split, octets.length - split, out::write);
            stuffer.finish(out::write);
            assertThat(Wire.text(out.toByteArray())).isEqualTo(wire.translateEscapes());
        }
    }

    @ParameterizedTest
    @CsvSource({"998, 0", "999, 1", "5000, 1"})
    void long_lines_leave_as_they_are_and_are_counted_however_they_are_split(int length, int count) {
        byte[] octets = Wire.octets("x".repeat(length) + "\r\nshort\r\n" + ".".repeat(998) + "\r\n");
        for (int split : new int[] {0, 1, 500, length - 1, length, length + 1, length + 2, octets.length}) {
            DotStuffer stuffer = new DotStuffer();
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            stuffer.update(octets, 0, split, out::write);
            stuffer.update(octets, split, octets.length - split, out::write);
            stuffer.finish(out::write);

            assertThat(stuffer.longLines()).as("split at %d", split).isEqualTo(count);
            assertThat(Wire.text(out.toByteArray())).isEqualTo(Wire.text(octets).replace("\n.", "\n..") + ".\r\n");
        }
    }
}
