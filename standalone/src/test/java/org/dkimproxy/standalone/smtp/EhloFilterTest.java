package org.dkimproxy.standalone.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EhloFilterTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "8BITMIME",
                "SMTPUTF8",
                "DSN",
                "ENHANCEDSTATUSCODES",
                "DELIVERBY 240",
                "FUTURERELEASE 3600 2030-01-01T00:00:00Z",
                "MT-PRIORITY NSEP",
                "VRFY",
                "EXPN",
                "HELP",
                "ETRN",
                "XVERP",
                "LIMITS RCPTMAX=100",
                "PIPELINING",
                "AUTH PLAIN LOGIN",
                "AUTH=PLAIN LOGIN",
                "auth plain",
                "XCLIENT NAME ADDR",
                "XFORWARD NAME ADDR PROTO HELO",
            })
    void keyword_passes_as_it_is(String keyword) {
        assertThat(filtered(0, keyword)).containsExactly("250-relay.example.org", "250 " + keyword);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "STARTTLS",
                "starttls",
                "CHUNKING",
                "BINARYMIME",
                "BURL imap",
                "TURN",
                "ATRN",
                "XEXCH50",
                "REQUIRETLS",
                "X-UNKNOWN",
                "8BITMIMEX",
                "",
            })
    void keyword_is_stripped(String keyword) {
        assertThat(filtered(0, keyword)).containsExactly("250 relay.example.org");
        assertThat(filtered(0, "DSN", keyword)).containsExactly("250-relay.example.org", "250 DSN");
        assertThat(filtered(0, keyword, "DSN")).containsExactly("250-relay.example.org", "250 DSN");
    }

    @ParameterizedTest
    @CsvSource({
        "0,       SIZE 10240000, SIZE 10231808, 10240000",
        "5000000, SIZE 10240000, SIZE 5000000,  10240000",
        "20000000,SIZE 10240000, SIZE 10231808, 10240000",
        "0,       SIZE 0,        SIZE 0,        0",
        "5000000, SIZE 0,        SIZE 5000000,  0",
        "0,       SIZE,          SIZE 0,        0",
        "5000000, SIZE,          SIZE 5000000,  0",
        "0,       size 100,      SIZE 1,        100",
        "0,       SIZE many,     SIZE 0,        0",
    })
    void size_leaves_room_for_signatures(long own, String announced, String expected, long relayLimit) {
        EhloFilter.Result result = new EhloFilter(own).apply(ehlo(announced));

        assertThat(result.reply().texts().getLast()).isEqualTo(expected);
        assertThat(result.extensions().relaySizeLimit()).isEqualTo(relayLimit);
    }

    @Test
    void size_is_not_announced_where_the_relay_does_not() {
        assertThat(filtered(5_000_000, "DSN")).containsExactly("250-relay.example.org", "250 DSN");
    }

    @Test
    void command_lines_may_be_longer_by_what_extensions_allow() {
        assertThat(new EhloFilter(0).apply(ehlo()).extensions().commandLimit()).isEqualTo(512);
        assertThat(new EhloFilter(0)
                        .apply(ehlo("DSN", "SIZE", "STARTTLS"))
                        .extensions()
                        .commandLimit())
                .isEqualTo(512 + 500 + 26);
    }

    private static List<String> filtered(long own, String... keywords) {
        return new EhloFilter(own).apply(ehlo(keywords)).reply().lines();
    }

    private static Reply ehlo(String... keywords) {
        List<String> texts = new ArrayList<>(List.of("relay.example.org"));
        texts.addAll(Arrays.asList(keywords));
        return Reply.of(250, texts);
    }
}
