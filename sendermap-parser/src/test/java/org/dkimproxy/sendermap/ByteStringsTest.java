package org.dkimproxy.sendermap;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ByteStringsTest {

    @Test
    void members_are_numbered_in_the_order_of_their_coming() {
        ByteStrings strings = new ByteStrings();

        assertThat(add(strings, "b")).isZero();
        assertThat(add(strings, "")).isEqualTo(1);
        assertThat(add(strings, "a longer string than eight bytes")).isEqualTo(2);
        assertThat(add(strings, "b")).isZero();
        assertThat(add(strings, "")).isEqualTo(1);
        assertThat(strings.size()).isEqualTo(3);
        assertThat(strings.text(1)).isEmpty();
        assertThat(strings.text(2)).isEqualTo("a longer string than eight bytes");
    }

    @Test
    void only_members_are_found_wherever_they_stand_in_the_array() {
        ByteStrings strings = new ByteStrings();
        add(strings, "sub.example.org");
        add(strings, "example.org");
        strings.trim();
        byte[] name = "a.sub.example.org.b".getBytes(UTF_8);

        assertThat(strings.find(name, 2, 17)).isZero();
        assertThat(strings.find(name, 6, 17)).isEqualTo(1);
        assertThat(strings.find(name, 6, 16)).isEqualTo(-1);
        assertThat(strings.find(name, 0, name.length)).isEqualTo(-1);
        assertThat(strings.find(name, 3, 3)).isEqualTo(-1);
    }

    @Test
    void it_agrees_with_a_map_of_the_library() {
        Random random = new Random(11);
        ByteStrings strings = new ByteStrings();
        Map<String, Integer> expected = new HashMap<>();
        for (int i = 0; i < 200_000; i++) {
            String text = Integer.toString(random.nextInt(100_000), 2 + random.nextInt(30));
            int next = expected.size();
            assertThat(add(strings, text)).isEqualTo(expected.computeIfAbsent(text, any -> next));
        }
        strings.trim();
        expected.forEach((text, number) -> assertThat(strings.text(number)).isEqualTo(text));
        assertThat(strings.size()).isEqualTo(expected.size());
    }

    private static int add(ByteStrings strings, String text) {
        byte[] bytes = ("<" + text + ">").getBytes(UTF_8);
        return strings.add(bytes, 1, bytes.length - 1);
    }
}
