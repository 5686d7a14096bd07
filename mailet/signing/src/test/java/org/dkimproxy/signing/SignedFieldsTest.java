package org.dkimproxy.signing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.dkimproxy.signing.message.HeaderField;
import org.dkimproxy.signing.message.HeaderFields;
import org.dkimproxy.signing.message.Headers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 6376 sections 5.4.2 and 8.15. */
class SignedFieldsTest {
    private static final Set<String> WANTED = Set.copyOf(Compatibility.NONE.defaultDkimFields());
    private static final HeaderFields MESSAGE = Headers.of("""
            Received: 1
            To: 2
            from: 3
            X-Other: 4
            To : 5
            Resent-From: 6
            Resent-From: 7
            Subject: 8
            TO: 9
            """.replace("\n", "\r\n"));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "OFF      | to from to resent-from resent-from subject to | 9 3 5 7 6 8 2",
                "PRESENT  | to from to resent-from resent-from subject to from subject to | 9 3 5 7 6 8 2",
                "EXTENDED | to from to resent-from resent-from subject to"
                        + " cc content-description content-id content-transfer-encoding content-type date from in-reply-to"
                        + " message-id mime-version references reply-to sender subject to | 9 3 5 7 6 8 2",
            })
    void names_in_message_order_then_those_once_more_and_of_one_name_the_last_instance_first(
            Oversigning oversigning, String names, String values) {
        SignedFields signed = SignedFields.select(MESSAGE, WANTED, oversigning);
        assertThat(String.join(" ", signed.names())).isEqualTo(names);
        assertThat(values(signed)).isEqualTo(values);
    }

    @Test
    void only_wanted_fields_are_named_once_more() {
        SignedFields signed = SignedFields.select(MESSAGE, Set.of("from", "cc", "x-other"), Oversigning.EXTENDED);
        assertThat(signed.names()).containsExactly("from", "x-other", "cc", "from");
        assertThat(values(signed)).isEqualTo("3 4");
    }

    @Test
    void domainkeys_takes_the_fields_from_the_top_down() {
        SignedFields signed = SignedFields.inMessageOrder(MESSAGE, WANTED);
        assertThat(signed.names()).containsExactly("to", "from", "to", "resent-from", "resent-from", "subject", "to");
        assertThat(values(signed)).isEqualTo("2 3 5 6 7 8 9");
    }

    @Test
    void the_default_list_has_that_of_dkimproxy_1_4_and_every_oversigned_field() {
        assertThat(Compatibility.NONE.defaultDkimFields())
                .containsAll(Compatibility.DKIMPROXY_1_4.defaultDkimFields())
                .contains("list-unsubscribe-post")
                .doesNotContain("received", "return-path", "dkim-signature", "authentication-results");
        assertThat(Compatibility.NONE.defaultDkimFields()).containsAll(Oversigning.FIELDS);
    }

    @Test
    void domainkeys_leaves_out_what_a_relay_may_lift_above_its_field() {
        assertThat(Compatibility.NONE.defaultDomainKeysFields())
                .contains("from", "subject", "content-type")
                .doesNotContain("mime-version");
        assertThat(Compatibility.DKIMPROXY_1_4.defaultDomainKeysFields())
                .isEqualTo(Compatibility.DKIMPROXY_1_4.defaultDkimFields());
    }

    private static String values(SignedFields signed) {
        List<HeaderField> fields = signed.fields();
        return fields.stream()
                .map(field -> new String(
                                field.block(), field.valueBegin(), field.end() - field.valueBegin(), ISO_8859_1)
                        .strip())
                .collect(joining(" "));
    }
}
