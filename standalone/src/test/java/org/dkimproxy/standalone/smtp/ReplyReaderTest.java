package org.dkimproxy.standalone.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReplyReaderTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "250 ok\r\n",
                "250\r\n",
                "250 \r\n",
                "250-one\r\n250-two\r\n250 three\r\n",
                "250-\r\n250 \r\n",
                "421 4.3.2 bye\r\n",
                "550 \u00e4\u00ff\r\n",
                "599 x\r\n",
            })
    void reply_keeps_its_octets(String wire) throws IOException {
        Reply reply = new ReplyReader(Wire.slowInput(wire + "250 next\r\n")).next();

        assertThat(Wire.text(reply.toBytes())).isEqualTo(wire);
        assertThat(reply.code()).isEqualTo(Integer.parseInt(wire.substring(0, 3)));
    }

    @ParameterizedTest
    @CsvSource(
            value = {
                "'250 ok\\n'                | line ended by a bare LF",
                "'250 o\\rk\\r\\n'          | bare CR in a line",
                "'250 o\\0k\\r\\n'          | NUL in a line",
                "'ok\\r\\n'                 | line that is no SMTP reply",
                "'\\r\\n'                   | line that is no SMTP reply",
                "'25\\r\\n'                 | line that is no SMTP reply",
                "'2500 ok\\r\\n'            | line that is no SMTP reply",
                "'150 ok\\r\\n'             | line that is no SMTP reply",
                "'650 ok\\r\\n'             | line that is no SMTP reply",
                "'2x0 ok\\r\\n'             | line that is no SMTP reply",
                "'250_ok\\r\\n'             | line that is no SMTP reply",
                "'250-a\\r\\n251 b\\r\\n'   | different codes in one reply",
            },
            delimiter = '|')
    void anything_else_is_no_reply(String wire, String message) {
        assertThatThrownBy(() -> new ReplyReader(Wire.input(wire.translateEscapes())).next())
                .isInstanceOf(FramingException.class)
                .hasMessage(message);
    }

    @Test
    void reply_that_is_cut_is_no_reply() {
        assertThatThrownBy(() -> new ReplyReader(Wire.input("250-a\r\n250 b")).next())
                .isInstanceOf(EOFException.class);
    }

    @Test
    void line_has_a_limit() throws IOException {
        String longest = "250 " + "x".repeat(ReplyReader.LINE_LIMIT - 6) + "\r\n";

        assertThat(new ReplyReader(Wire.slowInput(longest)).next().code()).isEqualTo(250);
        assertThatThrownBy(() -> new ReplyReader(Wire.input("250 x" + longest.substring(4))).next())
                .hasMessage("line too long");
    }

    @Test
    void reply_has_a_limit_of_lines() throws IOException {
        String most = "250-x\r\n".repeat(ReplyReader.LINE_COUNT - 1) + "250 x\r\n";

        assertThat(new ReplyReader(Wire.input(most)).next().lines()).hasSize(ReplyReader.LINE_COUNT);
        assertThatThrownBy(() -> new ReplyReader(Wire.input("250-x\r\n" + most)).next())
                .hasMessage("reply of more than 256 lines");
    }
}
