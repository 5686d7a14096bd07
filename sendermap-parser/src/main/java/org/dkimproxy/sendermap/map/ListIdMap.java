package org.dkimproxy.sendermap.map;

import java.util.List;
import java.util.Optional;
import org.dkimproxy.sendermap.text.Parsed;

/**
 * A list-id map: which signatures the messages of mailing lists get, by their List-Id (RFC 2919). Immutable.
 *
 * <p>It is written as a {@link SenderMap}, with list ids, and domains above them, for keys.
 */
public final class ListIdMap extends RuleMap {
    private ListIdMap(SpecificationTable table) {
        super(table);
    }

    /** Reads a map, as {@link SenderMap#parse(String, byte[])} does. */
    public static Parsed<ListIdMap> parse(String file, byte[] content) {
        return parse(List.of(MapPart.of(file, content)));
    }

    /** Reads a map from its files, as {@link SenderMap#parse(List)} does. */
    public static Parsed<ListIdMap> parse(List<MapPart> parts) {
        Parsed<SpecificationTable> table = MapFile.read(parts, true);
        return new Parsed<>(new ListIdMap(table.value()), table.problems());
    }

    /**
     * The entry for a list id. Tried are the whole id; each domain above it; {@code .}.
     *
     * <p>On a hit on the whole id, {@link MapMatch#keyDomain} is the id without its first label, or the id itself where a single label would remain: nobody
     * signs for a top-level domain. In an id with an {@code @} the domain begins after the last one.
     *
     * @param listId any text: what stands between the first angle brackets of the List-Id
     */
    public Optional<MapMatch> lookup(String listId) {
        byte[] name = MapKey.form(listId);
        Optional<MapMatch> match = table.findWhole(name, beginOfDomain(name));
        return match.isPresent() ? match : table.findDomainOrParent(name, beginOfParent(name));
    }

    /** Where the domain begins that an id gives when it is a key as a whole. */
    static int beginOfDomain(byte[] name) {
        int parent = beginOfParent(name);
        boolean isDomain =
                SpecificationTable.afterAt(name) > 0 || SpecificationTable.endOfLabel(name, parent) < name.length;
        return isDomain && parent < name.length ? parent : 0;
    }

    private static int beginOfParent(byte[] name) {
        int afterAt = SpecificationTable.afterAt(name);
        return afterAt > 0 ? afterAt : SpecificationTable.endOfLabel(name, 0) + 1;
    }

    @Override
    int indexOfDomain(byte[] key) {
        return beginOfDomain(key);
    }
}
