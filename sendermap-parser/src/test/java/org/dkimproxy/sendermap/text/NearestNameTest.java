package org.dkimproxy.sendermap.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestNameTest {
    private static final List<String> NAMES =
            List.of("listen", "reject_error", "key", "min_servers", "max_servers", "h");

    @ParameterizedTest
    @CsvSource({
        "lisen, listen",
        "listne, listen",
        "Listen, listen",
        "REJECT-EROR, reject_error",
        "kye, key",
        "keys, key",
        "mix_servers, max_servers",
    })
    void a_misspelt_name_is_recognised(String written, String name) {
        assertThat(NearestName.of(written, NAMES)).contains(name);
    }

    @ParameterizedTest
    @CsvSource({"frobnicate", "x", "kk", "''", "l", "error"})
    void what_is_far_from_all_names_is_none_of_them(String written) {
        assertThat(NearestName.of(written, NAMES)).isEqualTo(Optional.empty());
    }

    @Test
    void a_very_long_text_is_no_name() {
        assertThat(NearestName.of("a".repeat(10_000_000), List.of("a".repeat(1000))))
                .isEmpty();
    }
}
