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
    void dotsAtLineStartsAreDoubledHoweverItIsSplit(String message, String wire) {
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
}
