package org.dkimproxy.standalone.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CommandReaderTest {
    @ParameterizedTest
    @CsvSource(
            value = {
                "'QUIT\\r\\n'                       | QUIT",
                "'quit\\r\\n'                       | QUIT",
                "'MAIL FROM:<a@example.org>\\r\\n'  | MAIL",
                "'Data  \\r\\n'                     | DATA",
                "'\\r\\n'                           | ''",
                "' DATA\\r\\n'                      | ''",
                "'DATA\\tx\\r\\n'                   | 'DATA\\tX'",
            },
            delimiter = '|')
    void verb_stands_before_the_first_blank(String line, String verb) throws IOException {
        CommandReader reader = new CommandReader(Wire.slowInput(line.translateEscapes()));

        Command command = reader.next(CommandReader.PLAIN_LIMIT).orElseThrow();

        assertThat(command.verb()).isEqualTo(verb.translateEscapes());
        assertThat(Wire.text(command.line())).isEqualTo(line.translateEscapes());
    }

    @Test
    void pipelined_commands_come_one_by_one() throws IOException {
        CommandReader reader = new CommandReader(Wire.input("MAIL FROM:<>\r\nRCPT TO:<a@example.org>\r\nDATA\r\n"));

        assertThat(reader.next(512)).map(Command::verb).contains("MAIL");
        assertThat(reader.next(512)).map(Command::verb).contains("RCPT");
        assertThat(reader.next(512)).map(Command::verb).contains("DATA");
        assertThat(reader.next(512)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            value = {
                "'QUIT\\n'             | line ended by a bare LF",
                "'\\n'                 | line ended by a bare LF",
                "'NO\\nOP\\r\\n'       | line ended by a bare LF",
                "'NOOP\\rDATA\\r\\n'   | bare CR in a line",
                "'NOOP\\r\\r\\n'       | bare CR in a line",
                "'NO\\0OP\\r\\n'       | NUL in a line",
            },
            delimiter = '|')
    void stray_line_end_or_nul_breaks_the_framing(String wire, String message) {
        for (WireInput input :
                new WireInput[] {Wire.input(wire.translateEscapes()), Wire.slowInput(wire.translateEscapes())}) {
            assertThatThrownBy(() -> new CommandReader(input).next(CommandReader.PLAIN_LIMIT))
                    .isInstanceOf(FramingException.class)
                    .hasMessage(message);
        }
    }

    @Test
    void unfinished_command_is_dropped() throws IOException {
        assertThat(new CommandReader(Wire.input("MAIL FROM:<a@example.org>")).next(512))
                .isEqualTo(Optional.empty());
        assertThat(new CommandReader(Wire.input("QUIT\r")).next(512)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"512, 510, true", "512, 511, false", "600, 598, true", "600, 599, false"})
    void line_may_be_as_long_as_its_limit(int limit, int text, boolean allowed) throws IOException {
        String line = "N".repeat(text) + "\r\n";
        for (WireInput input : new WireInput[] {Wire.input(line), Wire.slowInput(line)}) {
            CommandReader reader = new CommandReader(input);
            if (allowed) {
                assertThat(reader.next(limit)).isPresent();
            } else {
                assertThatThrownBy(() -> reader.next(limit)).hasMessage("line too long");
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "AUTH PLAIN , 12288, true",
        "auth plain , 12288, true",
        "AUTH PLAIN , 12289, false",
        "XAUTH , 600, false"
    })
    void auth_line_has_its_own_limit(String begin, int length, boolean allowed) throws IOException {
        String line = begin + " " + "x".repeat(length - begin.length() - 3) + "\r\n";
        CommandReader reader = new CommandReader(Wire.slowInput(line));
        if (allowed) {
            assertThat(reader.next(CommandReader.PLAIN_LIMIT).orElseThrow().line())
                    .hasSize(length);
        } else {
            assertThatThrownBy(() -> reader.next(CommandReader.PLAIN_LIMIT)).hasMessage("line too long");
        }
    }

    @Test
    void endless_line_is_refused_before_it_ends() {
        assertThatThrownBy(() -> new CommandReader(Wire.input("A".repeat(100_000))).next(512))
                .hasMessage("line too long");
    }

    @Test
    void text_of_command_is_not_shown() throws IOException {
        Command command = new CommandReader(Wire.input("AUTH PLAIN c2VjcmV0\r\n"))
                .next(512)
                .orElseThrow();

        assertThat(command.toString()).isEqualTo("command of 21 octets");
    }
}
