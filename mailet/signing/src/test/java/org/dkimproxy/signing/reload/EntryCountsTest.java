package org.dkimproxy.signing.reload;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EntryCountsTest {
    private static final Path MAP = Path.of("map");

    @ParameterizedTest
    @CsvSource({
        "0,0,false",
        "1,0,true",
        "2,1,false",
        "9,1,false",
        "9,0,true",
        "10,5,false",
        "10,4,true",
        "11,5,true",
        "100,50,false",
        "100,49,true",
        "100,200,false",
        "2000000000,1,true"
    })
    void a_file_that_becomes_empty_or_loses_more_than_half_of_ten_entries_has_shrunk(
            int before, int now, boolean hasShrunk) {
        assertThat(EntryCounts.of(MAP, now).shrunkSince(EntryCounts.of(MAP, before)))
                .hasSize(hasShrunk ? 1 : 0);
    }

    @Test
    void files_that_were_not_read_before_or_are_not_read_now_have_not_shrunk() {
        assertThat(EntryCounts.of(MAP, 0).shrunkSince(EntryCounts.NONE)).isEmpty();
        assertThat(EntryCounts.NONE.shrunkSince(EntryCounts.of(MAP, 100))).isEmpty();
    }

    @Test
    void files_are_in_order() {
        EntryCounts before = new EntryCounts(Map.of(Path.of("b"), 3, Path.of("a"), 20, Path.of("c"), 3));
        EntryCounts now = EntryCounts.of(Path.of("a"), 1).and(EntryCounts.of(Path.of("b"), 0));

        assertThat(now.shrunkSince(before))
                .containsExactly(
                        new EntryCounts.Shrunk(Path.of("a"), 20, 1), new EntryCounts.Shrunk(Path.of("b"), 3, 0));
    }
}
