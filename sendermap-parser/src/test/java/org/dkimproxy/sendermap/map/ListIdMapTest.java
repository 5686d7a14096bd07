package org.dkimproxy.sendermap.map;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ListIdMapTest {
    private static final ListIdMap MAP =
            ListIdMap.parse("lists", """
                    news.lists.example.org dkim(s=whole)
                    lists.example.org      dkim(s=parent)
                    single                 dkim(s=single)
                    example.com            dkim(s=two)
                    org                    dkim(s=top)
                    old@lists.example.net  dkim(s=old)
                    lists.example.net      dkim(s=net)
                    .                      dkim(s=all)
                    """.getBytes(UTF_8)).value();

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '\'',
            value = {
                // list id, selector, key, domain of the key
                "news.lists.example.org, whole, news.lists.example.org, lists.example.org",
                "NEWS.Lists.Example.ORG, whole, news.lists.example.org, lists.example.org",
                "other.lists.example.org, parent, lists.example.org, lists.example.org",
                "a.b.lists.example.org, parent, lists.example.org, lists.example.org",
                "lists.example.org, parent, lists.example.org, example.org",
                "single, single, single, single",
                // what would remain is no domain that anybody signs for
                "example.com, two, example.com, example.com",
                "list.example.com, two, example.com, example.com",
                "example.org, top, org, org",
                "x.single, single, single, single",
                "old@lists.example.net, old, old@lists.example.net, lists.example.net",
                "new@lists.example.net, net, lists.example.net, lists.example.net",
                "a@b@lists.example.net, net, lists.example.net, lists.example.net",
                "unknown.example, all, ., ''",
                "'', all, ., ''",
                "., all, ., ''",
                ".., all, ., ''",
                "@, all, ., ''",
                "foo@., all, ., ''",
                "'<<>> , \u0000\uD800', all, ., ''",
            })
    void the_most_specific_entry_is_found(String listId, String selector, String key, String keyDomain) {
        MapMatch match = MAP.lookup(listId).orElseThrow();

        assertThat(match.key()).isEqualTo(key);
        assertThat(match.keyDomain()).isEqualTo(keyDomain);
        assertThat(match.specifications())
                .singleElement()
                .satisfies(found ->
                        assertThat(found.selector().orElseThrow().text()).isEqualTo(selector));
    }

    @Test
    void the_id_is_not_cut_at_a_plus() {
        ListIdMap map =
                ListIdMap.parse("lists", "c@example.org dkim".getBytes(UTF_8)).value();

        assertThat(map.lookup("c++@example.org")).isEmpty();
    }

    @Test
    void its_entries_have_the_domains_that_their_own_ids_give() {
        assertThat(MAP.entries().map(entry -> entry.key() + " " + entry.keyDomain()))
                .contains("news.lists.example.org lists.example.org", "example.com example.com", "org org", ". ");
        assertThat(MAP.entriesWith(specification ->
                        specification.selector().orElseThrow().text().equals("old")))
                .extracting(MapMatch::keyDomain)
                .containsExactly("lists.example.net");
    }

    @Test
    void its_entries_and_specifications_are_counted() {
        assertThat(MAP.size()).isEqualTo(8);
        assertThat(MAP.specifications()).hasSize(8);
    }
}
