package org.dkimproxy.sendermap.text;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class LinesTest {
    static Stream<Arguments> files() {
        String longLine = "x".repeat(70_000);
        return Stream.of(
                Arguments.of("", List.of()),
                Arguments.of("\n", List.of("")),
                Arguments.of("a", List.of("a")),
                Arguments.of("a\n", List.of("a")),
                Arguments.of("a\n\nb", List.of("a", "", "b")),
                Arguments.of("a\r\nb\r\r\nc\r", List.of("a", "b", "c")),
                Arguments.of("a\rb\n", List.of("a\rb")),
                Arguments.of("\uFEFFa\n\uFEFFb\n", List.of("a", "\uFEFFb")),
                Arguments.of("\uFEFF", List.of()),
                Arguments.of("\u00FC\nplain\n", List.of("\u00FC", "plain")),
                Arguments.of(
                        longLine + "\n" + longLine.repeat(5) + "\nlast", List.of(longLine, longLine.repeat(5), "last")),
                Arguments.of(
                        "line\n".repeat(40_000), List.of("line".repeat(40_000).split("(?<=\\G.{4})"))));
    }

    @ParameterizedTest
    @MethodSource("files")
    void a_stream_has_the_lines_of_its_octets_however_it_is_read(String text, List<String> lines) {
        byte[] content = text.getBytes(UTF_8);

        assertThat(all(new Lines(content))).isEqualTo(lines);
        assertThat(all(new Lines(new ByteArrayInputStream(content)))).isEqualTo(lines);
        assertThat(all(new Lines(reluctant(content, 1)))).isEqualTo(lines);
        assertThat(all(new Lines(reluctant(content, 7)))).isEqualTo(lines);
        assertThat(content).as("unchanged").isEqualTo(text.getBytes(UTF_8));
    }

    @Test
    void a_line_that_is_not_utf8_is_latin1() {
        byte[] content = "\u00FC\n".getBytes(ISO_8859_1);

        assertThat(all(new Lines(content))).containsExactly("\u00FC");
        assertThat(all(new Lines(new ByteArrayInputStream(content)))).containsExactly("\u00FC");
    }

    @Test
    void a_stream_that_breaks_is_told() {
        InputStream broken = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("gone");
            }

            @Override
            public int read(byte[] array, int offset, int length) throws IOException {
                throw new IOException("gone");
            }
        };

        assertThatThrownBy(() -> new Lines(broken).next())
                .isInstanceOf(UncheckedIOException.class)
                .hasRootCauseMessage("gone");
    }

    private static List<String> all(Lines lines) {
        List<String> all = new ArrayList<>();
        while (lines.next()) {
            all.add(lines.text());
            assertThat(lines.number()).isEqualTo(all.size());
        }
        assertThat(lines.next()).isFalse();
        return all;
    }

    /** Gives so many octets at a time at most. */
    private static InputStream reluctant(byte[] content, int most) {
        return new FilterInputStream(new ByteArrayInputStream(content)) {
            @Override
            public int read(byte[] array, int offset, int length) throws IOException {
                return super.read(array, offset, Math.min(length, most));
            }
        };
    }
}
