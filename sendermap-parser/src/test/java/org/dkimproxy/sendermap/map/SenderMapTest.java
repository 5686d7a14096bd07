package org.dkimproxy.sendermap.map;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.dkimproxy.sendermap.dkim.SignatureSpecification;
import org.dkimproxy.sendermap.text.Parsed;
import org.dkimproxy.sendermap.text.Position;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SenderMapTest {
    private static final String MAP = """
            # selectors tell which line was found
            bob@long.name            dkim(s=bob)
            bob+vip@long.name        dkim(s=vip)
            Ann@Long.Name            dkim(s=ann)
            quiet@long.name\s
            long.name                dkim(s=domain)
            sub.long.name            dkim(s=sub)
            name                     dkim(s=top)
            b\u00FCcher.example      dkim(s=books)
            "a@b"@quoted.example     dkim(s=quoted)
            "a.b@"@quoted.example    dkim(s=at)
            plain@quoted.example     dkim(s=plain)
            twice.example            dkim(s=once)
            Twice.Example            dkim(s=twice)
            .                        dkim(s=all)
            """;

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '\'',
            value = {
                // local part, domain, selector, key, domain of the key
                "bob, long.name, bob, bob@long.name, long.name",
                "bob+vip, long.name, vip, bob+vip@long.name, long.name",
                "bob+x, long.name, bob, bob@long.name, long.name",
                "bob+vip+x, long.name, bob, bob@long.name, long.name",
                "BOB+X, LONG.NAME, bob, bob@long.name, long.name",
                "bob+, long.name, bob, bob@long.name, long.name",
                "ann, long.name, ann, ann@long.name, long.name",
                "eve, long.name, domain, long.name, long.name",
                "eve+x, long.name, domain, long.name, long.name",
                "+x, long.name, domain, long.name, long.name",
                "'', long.name, domain, long.name, long.name",
                "bob, sub.long.name, sub, sub.long.name, sub.long.name",
                "bob, a.b.sub.long.name, sub, sub.long.name, sub.long.name",
                "bob, other.long.name, domain, long.name, long.name",
                "bob, xlong.name, top, name, name",
                "bob, along.names, all, ., ''",
                "bob, '', all, ., ''",
                "bob, ., all, ., ''",
                "bob, long.name., all, ., ''",
                "bob, .., all, ., ''",
                "bob, xn--bcher-kva.example, books, xn--bcher-kva.example, xn--bcher-kva.example",
                "bob, b\u00FCcher.example, books, xn--bcher-kva.example, xn--bcher-kva.example",
                "bob, a.B\u00DCCHER.Example, books, xn--bcher-kva.example, xn--bcher-kva.example",
                "'\"a@b\"', quoted.example, quoted, '\"a@b\"@quoted.example', quoted.example",
                "'\"a@b+x\"', quoted.example, quoted, '\"a@b\"@quoted.example', quoted.example",
                "'\"a.b@+x\\\"y\"', quoted.example, at, '\"a.b@\"@quoted.example', quoted.example",
                // the quotes were for the extension only
                "'\"plain+x y\"', quoted.example, plain, plain@quoted.example, quoted.example",
                "'\"+x y\"', long.name, domain, long.name, long.name",
                "a@b, long.name, domain, long.name, long.name",
                "'a b', long.name, domain, long.name, long.name",
                "bob, twice.example, twice, twice.example, twice.example",
            })
    void the_most_specific_entry_is_found(String local, String domain, String selector, String key, String keyDomain) {
        MapMatch match = map(MAP).lookup(local, domain).orElseThrow();

        assertThat(match.key()).isEqualTo(key);
        assertThat(match.keyDomain()).isEqualTo(keyDomain);
        assertThat(match.specifications())
                .singleElement()
                .satisfies(found ->
                        assertThat(found.selector().orElseThrow().text()).isEqualTo(selector));
    }

    @Test
    void an_empty_right_hand_side_is_a_match_without_signatures() {
        assertThat(map(MAP).lookup("quiet", "long.name"))
                .contains(new MapMatch("quiet@long.name", "long.name", new Position("map", 5, 1), List.of()));
    }

    @Test
    void a_key_without_white_space_after_it_is_no_entry() {
        SenderMap map = map("long.name\r\nname \r\n");

        assertThat(map.size()).isEqualTo(1);
        assertThat(map.lookup("bob", "long.name").orElseThrow().key()).isEqualTo("name");
    }

    @Test
    void an_extension_never_leads_to_a_foreign_domain() {
        SenderMap map = map("boblong.name dkim\nlong dkim\nbob dkim\nboblong dkim");

        assertThat(map.lookup("bob+x", "long.name")).isEmpty();
    }

    @Test
    void without_a_catch_all_nothing_may_match() {
        assertThat(map("long.name dkim").lookup("bob", "other.example")).isEmpty();
    }

    @Test
    void only_ascii_letters_are_compared_without_case() {
        SenderMap map = map("KARL@example.org dkim\n");

        assertThat(map.lookup("karl", "example.org")).isPresent();
        assertThat(map.lookup("\u212Aarl", "example.org")).isEmpty();
    }

    @Test
    void a_local_part_may_be_unicode() {
        SenderMap map = map("m\u00FCller@example.org dkim");

        assertThat(map.lookup("m\u00FCller", "example.org")).isPresent();
        assertThat(map.lookup("m\u00FCller+x", "example.org")).isPresent();
    }

    @Test
    void a_line_in_iso_8859_1_among_lines_in_utf_8_is_read() {
        byte[] latin = "m\u00FCller@example.org dkim\n".getBytes(ISO_8859_1);
        byte[] utf = "h\u00E4fner@example.org dkim\n".getBytes(UTF_8);
        byte[] both = Arrays.copyOf(latin, latin.length + utf.length);
        System.arraycopy(utf, 0, both, latin.length, utf.length);

        SenderMap map = SenderMap.parse("map", both).value();

        assertThat(map.lookup("m\u00FCller", "example.org")).isPresent();
        assertThat(map.lookup("h\u00E4fner", "example.org")).isPresent();
    }

    @Test
    void a_byte_order_mark_is_no_part_of_the_first_key() {
        assertThat(map("\uFEFFexample.org dkim").lookup("bob", "example.org")).isPresent();
    }

    @Test
    void all_distinct_right_hand_sides_that_are_in_use_can_be_checked() {
        Parsed<SenderMap> map = SenderMap.parse("map", """
                a.example dkim(s=lost)
                b.example dkim(s=x), domainkeys(s=x)
                c.example dkim(s=x), domainkeys(s=x)
                a.example dkim(s=y)
                """.getBytes(UTF_8));

        assertThat(map.value().size()).isEqualTo(3);
        assertThat(map.value().specifications())
                .extracting(specification -> specification.source().text())
                .containsExactly("dkim(s=x)", "domainkeys(s=x)", "dkim(s=y)");
    }

    @Test
    void a_specification_knows_its_place() {
        SignatureSpecification specification =
                map("# x\na.example \t dkim(s=sel)").specifications().getFirst();

        assertThat(specification.source().position()).hasToString("map:2:13");
        assertThat(specification.selector().orElseThrow().position()).hasToString("map:2:20");
        assertThat(specification.source().lineText()).isEqualTo("a.example \t dkim(s=sel)");
    }

    @Test
    void a_match_knows_the_line_of_its_own_key_though_the_right_hand_side_was_read_before() {
        SenderMap map = map("a.example dkim\nb.example  dkim\n# x\nc.example dkim\na.example dkim");

        assertThat(map.lookup("bob", "a.example").orElseThrow().position()).hasToString("map:5:1");
        assertThat(map.lookup("bob", "b.example").orElseThrow().position()).hasToString("map:2:1");
        assertThat(map.entries().map(entry -> entry.position().line())).containsExactlyInAnyOrder(2, 4, 5);
        assertThat(map.lookup("bob", "b.example").orElseThrow().specifications())
                .extracting(found -> found.source().position())
                .containsExactly(new Position("map", 1, 11));
    }

    @Test
    void a_right_hand_side_tells_in_how_many_more_lines_it_stands() {
        SenderMap map = map("""
                a.example dkim
                b.example dkim
                c.example dkim(s=x)
                d.example\s
                e.example dkim
                """);

        assertThat(map.rightHandSides())
                .extracting(value -> value.specifications().size() + " in 1 + " + value.moreLines())
                .containsExactly("1 in 1 + 2", "1 in 1 + 0");
    }

    @Test
    void entries_are_chosen_by_their_specifications() {
        AtomicInteger asked = new AtomicInteger();
        SenderMap map = map("a.example dkim\nb.example domainkeys\nx@c.example dkim\nd.example \n");

        assertThat(map.entriesWith(specification -> {
                    asked.incrementAndGet();
                    return specification instanceof SignatureSpecification.Dkim;
                }))
                .extracting(MapMatch::keyDomain)
                .containsExactly("a.example", "c.example");
        assertThat(asked).hasValue(2);
    }

    private static SenderMap map(String text) {
        return SenderMap.parse("map", text.getBytes(UTF_8)).value();
    }

    @Test
    void the_files_of_a_map_are_one_map_and_positions_name_the_file() {
        Parsed<SenderMap> map = SenderMap.parse(List.of(
                MapPart.of("a", "one.example dkim(s=a)\ntwo.example dkim(s=b)\n".getBytes(UTF_8)),
                MapPart.of("empty", new byte[0]),
                MapPart.of(
                        "b",
                        "# text\nthree.example dkim(s=b)\none.example dkim(s=c)\nfour.example dkin\n"
                                .getBytes(UTF_8))));

        assertThat(map.value().size()).isEqualTo(4);
        assertThat(position(map.value(), "two.example")).isEqualTo(new Position("a", 2, 1));
        assertThat(position(map.value(), "three.example")).isEqualTo(new Position("b", 2, 1));
        assertThat(position(map.value(), "one.example"))
                .as("the last line counts")
                .isEqualTo(new Position("b", 3, 1));
        assertThat(map.problems())
                .extracting(problem -> problem.position().toString())
                .containsExactly("b:3:1", "b:4:14");
        assertThat(map.problems().getFirst().summary())
                .contains("key \"one.example\" again")
                .endsWith("(first at a:1:1)");
        assertThat(map.value().rightHandSides())
                .extracting(RightHandSide::moreLines)
                .containsExactlyInAnyOrder(1, 0);
    }

    private static Position position(SenderMap map, String domain) {
        return map.lookup("joe", domain).orElseThrow().position();
    }
}
