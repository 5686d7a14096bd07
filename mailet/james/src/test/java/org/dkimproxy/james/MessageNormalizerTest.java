package org.dkimproxy.james;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** In the tables {@code |} stands for CRLF, {@code r} and {@code n} in brackets for a CR and an LF that stand alone. */
class MessageNormalizerTest {
    private static final String ADDED = "MIME-Version: 1.0|Date: Fri, 5 Jan 2024 06:07:08 +0000|Message-ID: <id@here>|";

    private final MessageNormalizer settler =
            new MessageNormalizer(() -> Instant.parse("2024-01-05T06:07:08Z"), () -> "<id@here>");

    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "From: a||text|!From: a|ADDED|text|",
                "From: a||!From: a|ADDED|",
                "From: a|!From: a|ADDED|",
                "From: a!From: a|ADDED|",
                "||text|!ADDED||text|",
                "DATE : x|message-id:y|Mime-Version: 1.0||t|!DATE : x|message-id:y|MIME-Version: 1.0||t|",
                "Mime-Version:1.0|Date: x|Message-ID: y||!MIME-Version: 1.0|Date: x|Message-ID: y||",
                "MIME-Version : 1.0|Date: x|Message-ID: y||!MIME-Version: 1.0|Date: x|Message-ID: y||",
                "MIME-Version:|\t1.0 (made by hand)|Date: x|Message-ID: y||!MIME-Version: 1.0|Date: x|Message-ID: y||",
                "MIME-Version: 1.0|Date: x|MIME-Version: 1.1|Message-ID: y||!MIME-Version: 1.0|Date: x|Message-ID: y||",
                "A:  b|\tc |Date:|Message-ID:|MIME-Version: 1.0||!A:  b|\tc |Date:|Message-ID:|MIME-Version: 1.0||",
                "From: a[n]DATED[n][n]one[n]two[r]three[r]!From: a|DATED||one|two|three|",
                "From: a|DATED||no line end!From: a|DATED||no line end|"
            })
    void is_settled(String raw, String expected) {
        assertThat(settled(raw)).isEqualTo(octets(expected));
    }

    @ParameterizedTest
    @ValueSource(strings = {"From: a||text|", "From: a", "Mime-Version: 1.0 (x)|||[n][r]"})
    void what_is_settled_stays_so(String raw) {
        String once = settled(raw);

        assertThat(settled(once)).isEqualTo(once);
    }

    @Test
    void tells_whether_the_id_is_new() {
        assertThat(settle("From: a||").hasNewMessageId()).isTrue();
        assertThat(settle("Message-ID: a||").hasNewMessageId()).isFalse();
    }

    @Test
    void a_mime_version_that_james_leaves_alone_stays() {
        for (String versions : List.of(
                "Mime-Version: 1.0 (Mac OS X Mail 16.0)|",
                "MIME-Version :|\t1.0|",
                "MIME-Version:1.0|MIME-Version: 1.1|")) {
            byte[] message = octets("From: a|Date: x|Message-ID: y|" + versions + "|text|")
                    .getBytes(ISO_8859_1);

            assertThat(text(settler.settle(MessageOctets.of(message), true, SevenBitRule.Fixed.ALWAYS)))
                    .isEqualTo(new String(message, ISO_8859_1));
        }
        byte[] other = octets("Date: x|Message-ID: y|Mime-Version: (x) 1.0||").getBytes(ISO_8859_1);
        assertThat(text(settler.settle(MessageOctets.of(other), true, SevenBitRule.Fixed.ALWAYS)))
                .isEqualTo(octets("DATED||"));
    }

    @Test
    void what_is_right_already_is_not_copied() {
        MessageOctets message = MessageOctets.of(octets("From: a|DATED||text|").getBytes(ISO_8859_1));

        assertThat(settler.settle(message, false, SevenBitRule.Fixed.ALWAYS)
                        .octets()
                        .array())
                .isSameAs(message.array());
    }

    private NormalizedMessage settle(String raw) {
        return settler.settle(MessageOctets.of(octets(raw).getBytes(ISO_8859_1)), false, SevenBitRule.Fixed.ALWAYS);
    }

    private static String text(NormalizedMessage message) {
        MessageOctets octets = message.octets();
        return new String(octets.array(), octets.begin(), octets.length(), ISO_8859_1);
    }

    private String settled(String raw) {
        return text(settle(raw));
    }

    private static String octets(String text) {
        return text.replace("ADDED", ADDED)
                .replace("DATED", "Date: x|Message-ID: y|MIME-Version: 1.0")
                .replace("|", "\r\n")
                .replace("[r]", "\r")
                .replace("[n]", "\n");
    }
}
