package org.dkimproxy.standalone.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.DictionaryEntries;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Random;

/** The message after a 354, of any octets in any cut, against a plain reference; and its way out and in again. */
class DataFuzzTest {
    private static final String REST = "\r\n.\r\nMAIL FROM:<x@example.org>\r\n";

    @FuzzTest(maxDuration = "3s")
    @DictionaryEntries({
        "\\x0d\\x0a.\\x0d\\x0a",
        "\\x0d\\x0a..",
        "\\x0a.\\x0a",
        "\\x0d.\\x0d",
        "\\x0d\\x0a\\x00.\\x0d\\x0a",
        "\\x0d\\x0d\\x0a"
    })
    void any_cut_gives_what_the_reference_gives(byte[] octets) {
        String wire = Wire.text(octets) + REST;
        Random random = new Random(Arrays.hashCode(octets));
        ReferenceData expected = ReferenceData.of(wire, 0).orElseThrow();
        DataDecoder decoder = new DataDecoder();
        ByteArrayOutputStream decoded = new ByteArrayOutputStream();

        int used = decode(decoder, Wire.octets(wire), decoded, random);

        assertThat(decoder.isComplete()).isTrue();
        assertThat(Wire.text(decoded.toByteArray())).isEqualTo(expected.message());
        assertThat(used).isEqualTo(expected.end());
        assertThat(decoder.sawBareNewline()).isEqualTo(expected.bareNewline());
        assertThat(decoder.sawNul()).isEqualTo(expected.nul());
        assertStuffed(expected.message(), random);
    }

    private static int decode(DataDecoder decoder, byte[] wire, ByteArrayOutputStream out, Random random) {
        int at = 0;
        while (at < wire.length && !decoder.isComplete()) {
            at = decoder.decode(wire, at, nextCut(at, wire.length, random), out::write);
        }
        return at;
    }

    private static void assertStuffed(String message, Random random) {
        byte[] octets = Wire.octets(message);
        DotStuffer stuffer = new DotStuffer();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int at = 0; at < octets.length; ) {
            int cut = nextCut(at, octets.length, random);
            stuffer.update(octets, at, cut - at, out::write);
            at = cut;
        }
        stuffer.finish(out::write);
        String wire = Wire.text(out.toByteArray());
        String lineStartsDoubled = ("\r\n" + message).replace("\r\n.", "\r\n..").substring(2);
        assertThat(wire).isEqualTo(lineStartsDoubled + ".\r\n");
        assertThat(ReferenceData.of(wire, 0).orElseThrow().message()).isEqualTo(message);
    }

    private static int nextCut(int at, int end, Random random) {
        return at + 1 + random.nextInt(Math.min(end - at, 1 << random.nextInt(10)));
    }
}
