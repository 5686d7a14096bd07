package org.dkimproxy.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class AwaitTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Duration SHORT = Duration.ofMillis(50);

    private final AtomicInteger looks = new AtomicInteger();

    @Test
    void what_comes_is_found() throws Exception {
        assertThat(Await.find(() -> Optional.of(looks.incrementAndGet()).filter(look -> look == 3), LONG))
                .contains(3);
        assertThat(Await.holds(() -> looks.incrementAndGet() == 6, LONG)).isTrue();
        Await.until(() -> looks.incrementAndGet() == 9, LONG, () -> "nine looks");
        assertThat(looks).hasValue(9);
    }

    @Test
    void what_does_not_come_is_waited_for_as_long_as_was_said() throws Exception {
        long begin = System.nanoTime();
        assertThat(Await.find(Optional::empty, SHORT)).isEmpty();
        assertThat(Await.holds(() -> false, SHORT)).isFalse();
        assertThatThrownBy(() -> Await.until(() -> false, SHORT, () -> "Godot"))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("in vain for Godot");
        assertThat(System.nanoTime() - begin).isBetween(3 * SHORT.toNanos(), LONG.toNanos());
    }

    @Test
    void what_cannot_be_looked_at_is_not_waited_for() {
        assertThatThrownBy(() -> Await.holds(
                        () -> {
                            throw new IOException("no file");
                        },
                        LONG))
                .isInstanceOf(IOException.class)
                .hasMessage("no file");
    }
}
