package org.dkimproxy.signing.reload;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FileStampTest {
    private static final Instant NOW = Instant.parse("2026-12-01T12:00:00Z");

    /** A time in the future is settled: it may be that of another clock, or lie years ahead. */
    @ParameterizedTest
    @CsvSource({"PT-2S,false", "PT-1S,true", "PT0S,true", "PT0.5S,false", "PT1S,false", "P1000D,false"})
    void is_unsettled_for_a_second_after_a_change(Duration changed, boolean isUnsettled) {
        FileStamp stamp = new FileStamp(Map.of("lastModifiedTime", FileTime.from(NOW.plus(changed)), "size", 3L));

        assertThat(stamp.changedWithin(Duration.ofSeconds(1), NOW)).isEqualTo(isUnsettled);
    }
}
