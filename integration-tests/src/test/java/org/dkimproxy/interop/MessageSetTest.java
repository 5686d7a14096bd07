package org.dkimproxy.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.dkimproxy.signing.LineEndings;
import org.junit.jupiter.api.Test;

class MessageSetTest {
    private static final List<Mail> ALL = Stream.of(MessageSet.signable(), MessageSet.refused())
            .flatMap(List::stream)
            .toList();

    private static String text(Mail mail) {
        return new String(mail.completed(), StandardCharsets.ISO_8859_1);
    }

    @Test
    void each_message_has_a_name_of_its_own() {
        assertThat(ALL).extracting(Mail::name).doesNotHaveDuplicates();
    }

    @Test
    void every_line_ends_in_crlf_and_there_is_no_nul() {
        assertThat(ALL)
                .allSatisfy(mail -> assertThat(text(mail).replace("\r\n", ""))
                        .as(mail.name())
                        .doesNotContain("\r", "\n", "\0"));
        assertThat(ALL)
                .allSatisfy(mail -> assertThat(text(mail)).as(mail.name()).endsWith("\r\n"));
    }

    @Test
    void only_messages_that_say_so_lack_their_last_line_end() {
        assertThat(ALL)
                .filteredOn(mail -> !new String(mail.bytes(), StandardCharsets.ISO_8859_1).endsWith("\r\n"))
                .isNotEmpty()
                .containsExactlyElementsOf(ALL.stream()
                        .filter(mail -> mail.is(Mail.Trait.UNTERMINATED))
                        .toList());
    }

    @Test
    void the_engine_completes_a_last_line_and_leaves_the_rest_alone() {
        assertThat(ALL).allSatisfy(mail -> {
            ByteArrayOutputStream made = new ByteArrayOutputStream();
            LineEndings endings = new LineEndings();
            endings.<RuntimeException>update(mail.bytes(), 0, mail.bytes().length, made::write);
            endings.<RuntimeException>finish(made::write);
            assertThat(made.toByteArray()).as(mail.name()).isEqualTo(mail.completed());
        });
    }

    @Test
    void the_large_messages_are_large() {
        assertThat(ALL)
                .filteredOn(mail -> mail.name().startsWith("five-mb"))
                .hasSize(3)
                .allMatch(mail -> mail.bytes().length > 5_000_000);
    }
}
