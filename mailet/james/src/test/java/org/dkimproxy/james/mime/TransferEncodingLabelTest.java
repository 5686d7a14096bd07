package org.dkimproxy.james.mime;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.util.Properties;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TransferEncodingLabelTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "8bit!8bit",
                "8BIT ;!8bit",
                " (a (nested) comment) 8bit!8bit",
                "8bit charset=utf-8!8bit",
                "8bit/x!8bit",
                "8bit(comment)!8bit",
                "8bit\"x\"!8bit",
                "\"8bit\" 7bit!7bit",
                "; = 8bit!8bit",
                "[8bit]!8bit",
                "<binary>!binary",
                "quoted-printable; x!quoted-printable",
                "x-8bit!x-8bit",
                "\u00E48bit!8bit",
                "''!''",
                "(8bit!''",
                "\"8bit!''",
                "(8bit\\!''",
                ";!''"
            })
    void a_label_is_the_first_word_that_other_readers_see(String value, String label) throws Exception {
        assertThat(TransferEncodingLabel.of(value)).isEqualTo(label);
        if (!label.isEmpty()) {
            MimeMessage message = new MimeMessage(Session.getInstance(new Properties()));
            message.setHeader("Content-Transfer-Encoding", value);
            assertThat(message.getEncoding()).as("jakarta.mail").isEqualToIgnoringCase(label);
        }
    }
}
