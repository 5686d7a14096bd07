package org.dkimproxy.sendermap;

import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A list-id map: which signatures the messages of mailing lists get, by their List-Id (RFC 2919). Immutable.
 *
 * <p>It is written as a {@link SenderMap}, with list ids, and domains above them, for keys.
 */
public final class ListIdMap {
    private final SpecificationTable table;

    private ListIdMap(SpecificationTable table) {
        this.table = table;
    }

    /**
     * Reads a map. A fault in a right-hand side is an {@link Severity#ERROR}; a line that has no effect, a key that can never match and a key that
     * comes again are {@link Severity#WARNING}s.
     *
     * @param file the file's name, for problems
     * @param content the file's bytes: UTF-8; a line that is not is read as ISO-8859-1
     */
    public static Checked<ListIdMap> parse(String file, byte[] content) {
        return parse(file, new Lines(content));
    }

    /**
     * The same of a stream, which is read line by line, so that no more of it is held than the map itself needs.
     *
     * @throws UncheckedIOException if the stream cannot be read
     */
    public static Checked<ListIdMap> parse(String file, InputStream content) {
        return parse(file, new Lines(content));
    }

    private static Checked<ListIdMap> parse(String file, Lines lines) {
        Checked<SpecificationTable> table = MapFile.read(file, lines, true);
        return new Checked<>(new ListIdMap(table.value()), table.problems());
    }

    /**
     * The entry for a list id. Tried are the whole id; each domain above it; {@code .}.
     *
     * <p>On a hit on the whole id, {@link MapMatch#keyDomain} is the id without its first label, or the id itself if it has but one. In an id with an
     * {@code @} the domain begins after the last one.
     *
     * @param listId any text: what stands between the first angle brackets of the List-Id
     */
    public Optional<MapMatch> lookup(String listId) {
        byte[] name = MapKey.form(listId);
        int at = lastAt(name);
        int beginOfParent = at < 0 ? SpecificationTable.endOfLabel(name, 0) + 1 : at + 1;
        Optional<MapMatch> match = table.find(name, beginOfParent < name.length ? beginOfParent : 0);
        return match.isPresent() ? match : table.findDomainOrParent(name, beginOfParent);
    }

    private static int lastAt(byte[] name) {
        int at = name.length - 1;
        while (at >= 0 && name[at] != '@') {
            at--;
        }
        return at;
    }

    /** The number of keys. */
    public int size() {
        return table.size();
    }

    /** The specifications of every distinct right-hand side, for checks at the start. */
    public List<SignatureSpecification> specifications() {
        return table.specifications();
    }

    /**
     * Every entry, one for each key, for those who explain a map. The domain is that of the key; what {@link #lookup} gives depends on the
     * list id.
     */
    public Stream<MapMatch> entries() {
        return table.entries();
    }
}
