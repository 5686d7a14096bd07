package org.dkimproxy.sendermap.map;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.DictionaryEntries;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.List;
import org.dkimproxy.sendermap.FuzzedText;
import org.dkimproxy.sendermap.text.Parsed;

/** Any octets give maps whose every key is found by its own address, and problems whose places lie in the text. */
class MapsFuzzTest {
    @FuzzTest(maxDuration = "3s")
    @DictionaryEntries({"example.org", "a+b@", " dkim(d=$senderdomain,s=a)\\x0a", ". domainkeys", "xn--", "\\xC3\\xBC"})
    void any_octets_are_read(byte[] content) {
        Parsed<SenderMap> senders = SenderMap.parse("map", content);
        Parsed<ListIdMap> lists = ListIdMap.parse("map", content);

        FuzzedText text = new FuzzedText("map", content);
        text.assertHoldsPlaces(senders.problems());
        text.assertHoldsPlaces(lists.problems());
        List<MapMatch> entries = senders.value().entries().toList();
        assertThat(entries).hasSize(senders.value().size());
        entries.forEach(entry -> assertFound(entry, senders.value(), text));
        assertThat(lists.value().entries()).hasSize(lists.value().size());
        lists.value()
                .entries()
                .forEach(entry -> assertThat(lists.value().lookup(entry.key())).contains(entry));
    }

    private static void assertFound(MapMatch entry, SenderMap map, FuzzedText text) {
        entry.specifications().forEach(specification -> text.assertHolds(specification.source()));
        int at = entry.key().lastIndexOf('@');
        String localPart = at > 0 ? entry.key().substring(0, at) : "nobody-else";
        String domain = entry.key().equals(".") ? "nowhere-else" : entry.key().substring(at + 1);
        assertThat(map.lookup(localPart, domain)).contains(entry);
    }
}
