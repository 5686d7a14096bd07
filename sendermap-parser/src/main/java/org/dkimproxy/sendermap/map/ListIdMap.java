package org.dkimproxy.sendermap.map;

import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.dkimproxy.sendermap.dkim.SignatureSpecification;
import org.dkimproxy.sendermap.text.Lines;
import org.dkimproxy.sendermap.text.Parsed;
import org.dkimproxy.sendermap.text.Severity;

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
    public static Parsed<ListIdMap> parse(String file, byte[] content) {
        return parse(file, new Lines(content));
    }

    /**
     * Reads a map from a stream, line by line, so that it needs no more memory than the map itself.
     *
     * @throws UncheckedIOException if the stream cannot be read
     */
    public static Parsed<ListIdMap> parse(String file, InputStream content) {
        return parse(file, new Lines(content));
    }

    private static Parsed<ListIdMap> parse(String file, Lines lines) {
        Parsed<SpecificationTable> table = MapFile.read(file, lines, true);
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

    /** The number of keys. */
    public int size() {
        return table.size();
    }

    /** The specifications of every distinct right-hand side, for checks at the start. */
    public List<SignatureSpecification> specifications() {
        return table.specifications();
    }

    /** Every distinct right-hand side with signatures, for checks at the start. */
    public Stream<RightHandSide> rightHandSides() {
        return table.rightHandSides();
    }

    /** Every entry as {@link #lookup} gives it for its own key, one for each key. */
    public Stream<MapMatch> entries() {
        return table.entries(any -> true, ListIdMap::beginOfDomain);
    }

    /**
     * Those of {@link #entries} with such a specification.
     *
     * @param wanted asked for each distinct right-hand side, not for each key
     */
    public Stream<MapMatch> entriesWith(Predicate<SignatureSpecification> wanted) {
        return table.entries(value -> value.stream().anyMatch(wanted), ListIdMap::beginOfDomain);
    }
}
