package org.dkimproxy.sendermap.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FlagTest {
    @ParameterizedTest
    @ValueSource(strings = {"", "1", "yes", "on", "true", "Yes", "TRUE"})
    void words_that_say_on(String word) {
        assertThat(Flag.ofWord(word)).contains(Flag.ON);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "no", "off", "false", "No", "OFF"})
    void words_that_say_off(String word) {
        assertThat(Flag.ofWord(word)).contains(Flag.OFF);
    }

    @ParameterizedTest
    @ValueSource(strings = {"2", "maybe", "nope", " yes", "y", "\u0130"})
    void words_that_say_neither(String word) {
        assertThat(Flag.ofWord(word)).isEmpty();
    }
}
