package org.dkimproxy.standalone.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class DataDecoderTest {
    private static final String REST = "MAIL FROM:<x@example.org>\r\n";

    /** The false ends of data, each with the message it leaves when text follows it and the true end. */
    static Stream<Arguments> falseEnds() {
        return Stream.of(
                Arguments.of("\n.\n", "a\r\n.\r\nb\r\n"),
                Arguments.of("\r.\r", "a\r\n.\r\nb\r\n"),
                Arguments.of("\r.\n", "a\r\n.\r\nb\r\n"),
                Arguments.of("\n.\r", "a\r\n.\r\nb\r\n"),
                Arguments.of("\n.\r\n", "a\r\n.\r\nb\r\n"),
                Arguments.of("\r\n.\n", "a\r\n\r\nb\r\n"),
                Arguments.of("\r.\r\n", "a\r\n.\r\nb\r\n"),
                Arguments.of("\r\n.\r", "a\r\n\r\nb\r\n"),
                Arguments.of("\r\n\0.\r\n", "a\r\n\0.\r\nb\r\n"),
                Arguments.of("\r\n.\0\r\n", "a\r\n\0\r\nb\r\n"),
                Arguments.of("\r\n.\r\r\n", "a\r\n\r\nb\r\n"),
                Arguments.of("\r\r\n.\r\r\n", "a\r\n\r\nb\r\n"));
    }

    @ParameterizedTest
    @MethodSource("falseEnds")
    void false_end_is_text_however_it_is_split(String falseEnd, String message) {
        String wire = "a" + falseEnd + "b\r\n.\r\n" + REST;
        for (int split = 0; split <= wire.length(); split++) {
            Decoded decoded = Decoded.of(wire, split);
            assertThat(decoded.message).as("split at %d", split).isEqualTo(message);
            assertThat(decoded.rest).as("split at %d", split).isEqualTo(REST);
            assertThat(decoded.decoder.sawBareNewline() || decoded.decoder.sawNul())
                    .as("the fault is remembered")
                    .isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource("falseEnds")
    void data_is_not_complete_after_false_end(String falseEnd, String message) {
        Decoded decoded = Decoded.of("a" + falseEnd, 1);

        assertThat(decoded.decoder.isComplete()).isFalse();
        assertThat(message).contains("b");
    }

    static Stream<Arguments> trueEnds() {
        return Stream.of(
                Arguments.of(".\r\n", ""),
                Arguments.of("\r\n.\r\n", "\r\n"),
                Arguments.of("a\r\n.\r\n", "a\r\n"),
                Arguments.of("a\r\n\r\n.\r\n", "a\r\n\r\n"),
                Arguments.of("a\r\n..\r\n.\r\n", "a\r\n.\r\n"),
                Arguments.of("..\r\n.\r\n", ".\r\n"),
                Arguments.of("...a.\r\n.\r\n", "..a.\r\n"),
                Arguments.of(".a\r\n.\r\n", "a\r\n"),
                Arguments.of("a\n..b\r\n.\r\n", "a\r\n..b\r\n"),
                Arguments.of("a\r\r\n.\r\n", "a\r\n"),
                Arguments.of("a\r\r\r\r\n.\r\n", "a\r\n"),
                Arguments.of("a\r\rb\r\n.\r\n", "a\r\n\r\nb\r\n"),
                Arguments.of("a\n\r\n.\r\n", "a\r\n\r\n"),
                Arguments.of("\0\r\n.\r\n", "\0\r\n"),
                Arguments.of("\u00e4\u00ff\u0080\r\n.\r\n", "\u00e4\u00ff\u0080\r\n"));
    }

    @ParameterizedTest
    @MethodSource("trueEnds")
    void true_end_is_found_however_it_is_split(String wire, String message) {
        for (int split = 0; split <= wire.length(); split++) {
            Decoded decoded = Decoded.of(wire + REST, split);
            assertThat(decoded.decoder.isComplete()).isTrue();
            assertThat(decoded.message).as("split at %d", split).isEqualTo(message);
            assertThat(decoded.rest).as("split at %d", split).isEqualTo(REST);
        }
    }

    @Test
    void clean_message_is_handed_on_in_one_run() {
        byte[] wire = Wire.octets("Subject: x\r\n\r\nbody\r\nmore. dots.\r\n.\r\n");
        int[] runs = new int[1];

        new DataDecoder().decode(wire, 0, wire.length, (array, offset, length) -> {
            assertThat(array).isSameAs(wire);
            runs[0]++;
        });

        assertThat(runs[0]).isEqualTo(1);
    }

    @Test
    void clean_message_has_nothing_to_remember() {
        Decoded decoded = Decoded.of("a\r\n..\r\n\r\n.\r\n", 3);

        assertThat(decoded.decoder.sawBareNewline()).isFalse();
        assertThat(decoded.decoder.sawNul()).isFalse();
    }

    @Test
    void what_leaves_holds_no_stray_line_end_and_no_lone_dot_whatever_came() {
        Random random = new Random(1);
        String alphabet = "\r\n.\0ab";
        for (int round = 0; round < 20_000; round++) {
            StringBuilder wire = new StringBuilder();
            for (int i = random.nextInt(16); i > 0; i--) {
                wire.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            wire.append("\r\n.\r\n");
            Decoded whole = Decoded.of(wire.toString(), 0);
            String sent = Stuffed.of(whole.message, random.nextInt(whole.message.length() + 1));

            assertThat(Decoded.of(wire.toString(), random.nextInt(wire.length())).message)
                    .isEqualTo(whole.message);
            assertThat(sent.replace("\r\n", "")).doesNotContain("\r", "\n");
            assertThat(sent.indexOf("\r\n.\r\n", 0))
                    .as(Wire.escaped(wire.toString()))
                    .isEqualTo(sent.equals(".\r\n") ? -1 : sent.length() - 5);
            Decoded again = Decoded.of(sent, random.nextInt(sent.length()));
            assertThat(again.message).isEqualTo(whole.message);
            assertThat(again.rest).isEmpty();
        }
    }

    /** What a decoder makes of octets in two chunks. */
    private record Decoded(DataDecoder decoder, String message, String rest) {
        static Decoded of(String wire, int split) {
            DataDecoder decoder = new DataDecoder();
            ByteArrayOutputStream message = new ByteArrayOutputStream();
            byte[] octets = Wire.octets(wire);
            int used = decoder.decode(octets, 0, split, message::write);
            if (!decoder.isComplete()) {
                used = decoder.decode(octets, split, octets.length, message::write);
            }
            return new Decoded(decoder, Wire.text(message.toByteArray()), wire.substring(used));
        }
    }

    /** A message as it goes on the wire, stuffed in two chunks. */
    private static final class Stuffed {
        static String of(String message, int split) {
            DotStuffer stuffer = new DotStuffer();
            ByteArrayOutputStream wire = new ByteArrayOutputStream();
            byte[] octets = Wire.octets(message);
            stuffer.update(octets, 0, split, wire::write);
            stuffer.update(octets, split, octets.length - split, wire::write);
            stuffer.finish(wire::write);
            return Wire.text(wire.toByteArray());
        }
    }
}
