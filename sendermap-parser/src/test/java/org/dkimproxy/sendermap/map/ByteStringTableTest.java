package org.dkimproxy.sendermap.map;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ByteStringTableTest {
    private final ByteStringTable table = new ByteStringTable(2);

    @Test
    void a_string_that_comes_again_is_the_same_member() {
        int b = add("b");
        int empty = add("");
        int longer = add("a longer string than eight bytes");

        assertThat(List.of(add("b"), add(""), add("a longer string than eight bytes")))
                .containsExactly(b, empty, longer)
                .doesNotHaveDuplicates();
        assertThat(table.size()).isEqualTo(3);
        assertThat(table.text(empty)).isEmpty();
        assertThat(table.text(longer)).isEqualTo("a longer string than eight bytes");
    }

    @Test
    void only_members_are_found_wherever_they_stand_in_the_array() {
        int sub = add("sub.example.org");
        int whole = add("example.org");
        byte[] name = "a.sub.example.org.b".getBytes(UTF_8);

        assertThat(table.find(name, 2, 17)).isEqualTo(sub);
        assertThat(table.find(name, 6, 17)).isEqualTo(whole);
        assertThat(table.find(name, 6, 16)).isEqualTo(ByteStringTable.NONE);
        assertThat(table.find(name, 0, name.length)).isEqualTo(ByteStringTable.NONE);
        assertThat(table.find(name, 3, 3)).isEqualTo(ByteStringTable.NONE);
    }

    @Test
    void each_member_has_numbers_of_its_own() {
        int first = add("first");
        int second = add("second");
        table.setNumber(first, 1, Integer.MAX_VALUE);
        table.setNumber(second, 0, -1);

        assertThat(List.of(table.number(first, 0), table.number(first, 1))).containsExactly(0, Integer.MAX_VALUE);
        assertThat(List.of(table.number(second, 0), table.number(second, 1))).containsExactly(-1, 0);
        assertThat(table.text(first) + table.text(second)).isEqualTo("firstsecond");
    }

    @Test
    void a_string_may_be_longer_than_any_block() {
        String huge = "x".repeat(3_000_000);
        add("before");
        add(huge);
        add("after");

        assertThat(table.members().mapToObj(table::text)).containsExactly("before", huge, "after");
        assertThat(table.find(huge.getBytes(UTF_8), 0, huge.length())).isEqualTo(add(huge));
        assertThat(new ByteStringTable(0).members()).isEmpty();
    }

    /** Enough to fill several blocks and to have the slots grow. */
    @Test
    void it_agrees_with_a_map_of_the_library() {
        Random random = new Random(11);
        Map<String, Integer> expected = new LinkedHashMap<>();
        for (int i = 0; i < 100_000; i++) {
            String text = Integer.toString(random.nextInt(70_000), 2 + random.nextInt(30));
            int member = add(text);
            assertThat(expected.computeIfAbsent(text, any -> member)).isEqualTo(member);
            table.setNumber(member, 0, text.length());
            table.setNumber(member, 1, i);
        }
        assertThat(table.members().boxed()).containsExactlyElementsOf(expected.values());
        expected.forEach((text, member) -> {
            assertThat(table.text(member)).isEqualTo(text);
            assertThat(table.number(member, 0)).isEqualTo(text.length());
        });
        assertThat(table.size()).isEqualTo(expected.size());
    }

    private int add(String text) {
        byte[] bytes = ("<" + text + ">").getBytes(UTF_8);
        return table.add(bytes, 1, bytes.length - 1);
    }
}
