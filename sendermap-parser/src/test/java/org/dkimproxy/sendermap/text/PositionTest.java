package org.dkimproxy.sendermap.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PositionTest {
    @Test
    void a_position_in_a_file_and_none_are_shown() {
        assertThat(new Position("a", 1, 1)).hasToString("a:1:1");
        assertThat(Position.NONE.line() + Position.NONE.column()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "1, 0", "-1, 1", "1, -1", "-1, -1"})
    void there_is_no_line_or_column_before_the_first(int line, int column) {
        assertThatThrownBy(() -> new Position("a", line, column)).isInstanceOf(IllegalArgumentException.class);
    }
}
