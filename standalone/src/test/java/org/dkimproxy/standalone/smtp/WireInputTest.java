package org.dkimproxy.standalone.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class WireInputTest {
    @Test
    void grows_with_what_comes_and_no_further_than_it_may() throws IOException {
        WireInput input = new WireInput(new ByteArrayInputStream(numbered(100_000)), 10_000);
        assertThat(input.array()).hasSize(1024);

        for (int size : new int[] {1024, 4096, 10_000}) {
            assertThat(input.fill()).isTrue();
            assertThat(input.array()).hasSize(size);
            assertThat(input.buffered()).isEqualTo(size);
        }
        assertThat(Arrays.copyOf(input.array(), 10_000)).isEqualTo(numbered(10_000));
        assertThatThrownBy(input::fill).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void octets_that_wait_stay_in_front_of_those_that_come() throws IOException {
        WireInput input = new WireInput(new ByteArrayInputStream(numbered(3000)), 2000);
        int used = 0;
        while (input.fill()) {
            byte[] waiting = Arrays.copyOfRange(input.array(), input.position(), input.limit());
            assertThat(waiting).isEqualTo(Arrays.copyOfRange(numbered(3000), used, used + waiting.length));
            int count = Math.min(300, input.buffered());
            input.skip(count);
            used += count;
        }
        assertThat(used + input.buffered()).isEqualTo(3000);
    }

    @Test
    void stays_small_for_what_is_short() throws IOException {
        WireInput input = new WireInput(new ByteArrayInputStream(numbered(500)), 10_000);
        assertThat(input.fill()).isTrue();
        assertThat(input.fill()).isFalse();

        assertThat(input.array()).hasSize(1024);
    }

    @Test
    void gives_memory_back_when_nothing_waits() throws IOException {
        WireInput input = new WireInput(new ByteArrayInputStream(numbered(200_000)), 100_000);
        while (input.buffered() <= 16_384) {
            input.fill();
        }
        int waiting = input.buffered();
        input.shrink();
        assertThat(input.buffered()).as("what waits is kept").isEqualTo(waiting);

        input.skip(waiting);
        input.shrink();
        assertThat(input.array()).hasSize(1024);
        assertThat(input.fill()).isTrue();
        assertThat(input.array()[input.position()]).isEqualTo(numbered(200_000)[waiting]);
    }

    @Test
    void has_room_for_a_message_without_losing_what_waits() throws IOException {
        WireInput input = new WireInput(new ByteArrayInputStream(numbered(50_000)), 100_000);
        input.fill();
        input.skip(10);
        input.grow();
        assertThat(input.array()).hasSize(16_384);
        assertThat(input.buffered()).isEqualTo(1014);
        assertThat(input.array()[input.position()]).isEqualTo((byte) 10);
    }

    @Test
    void keeps_what_is_little_memory() throws IOException {
        WireInput input = new WireInput(new ByteArrayInputStream(numbered(5000)), 100_000);
        input.fill();
        input.fill();
        input.skip(input.buffered());
        input.shrink();

        assertThat(input.array()).hasSize(4096);
    }

    private static byte[] numbered(int count) {
        byte[] octets = new byte[count];
        for (int i = 0; i < count; i++) {
            octets[i] = (byte) (i % 251);
        }
        return octets;
    }
}
