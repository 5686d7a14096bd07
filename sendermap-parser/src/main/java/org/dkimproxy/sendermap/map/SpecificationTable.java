package org.dkimproxy.sendermap.map;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.dkimproxy.sendermap.dkim.SignatureSpecification;

/** The entries of a map: keys, each with its line and its right-hand side. What is looked up has the form of {@link MapKey}. */
public final class SpecificationTable {
    /** The numbers of a key: the line that counts, of {@link MapLines}, the index of its right-hand side, and the line where it stood first. */
    static final int LINE = 0;

    static final int VALUE = 1;
    static final int FIRST_LINE = 2;

    private static final byte[] CATCH_ALL = {'.'};

    private final MapLines lines;
    private final ByteStringTable keys;
    private final List<List<SignatureSpecification>> values;
    private final List<Integer> valueLines;

    /**
     * Takes over the keys; copies the values.
     *
     * @param keys from {@link #newKeys}, with their numbers
     * @param valueLines the line where each value was read
     */
    SpecificationTable(
            MapLines lines, ByteStringTable keys, List<List<SignatureSpecification>> values, List<Integer> valueLines) {
        this.lines = lines;
        this.keys = keys;
        this.values = List.copyOf(values);
        this.valueLines = List.copyOf(valueLines);
    }

    static ByteStringTable newKeys() {
        return new ByteStringTable(3);
    }

    int size() {
        return keys.size();
    }

    /** All values with signatures that some key has. */
    Stream<RightHandSide> rightHandSides() {
        boolean[] used = new boolean[values.size()];
        int[] moreLines = new int[values.size()];
        keys.members().forEach(key -> {
            int value = keys.number(key, VALUE);
            used[value] = true;
            moreLines[value] += keys.number(key, LINE) == valueLines.get(value) ? 0 : 1;
        });
        return IntStream.range(0, used.length)
                .filter(value -> used[value] && !values.get(value).isEmpty())
                .mapToObj(value -> new RightHandSide(values.get(value), moreLines[value]));
    }

    /** The specifications of all values that some key has. */
    List<SignatureSpecification> specifications() {
        return rightHandSides()
                .flatMap(value -> value.specifications().stream())
                .toList();
    }

    /**
     * The entries whose value is wanted, in no order that matters.
     *
     * @param wanted asked once for each value
     * @param beginOfDomain finds where the domain of a key begins
     */
    Stream<MapMatch> entries(Predicate<List<SignatureSpecification>> wanted, ToIntFunction<byte[]> beginOfDomain) {
        boolean[] isWanted = new boolean[values.size()];
        for (int value = 0; value < isWanted.length; value++) {
            isWanted[value] = wanted.test(values.get(value));
        }
        return keys.members().filter(key -> isWanted[keys.number(key, VALUE)]).mapToObj(key -> {
            byte[] name = keys.text(key).getBytes(UTF_8);
            return match(key, name, 0, beginOfDomain.applyAsInt(name));
        });
    }

    /**
     * The entry for a whole name.
     *
     * @param beginOfDomain where its domain begins
     */
    Optional<MapMatch> findWhole(byte[] name, int beginOfDomain) {
        return find(name, 0, beginOfDomain);
    }

    /** The entry for the domain that begins at {@code begin}, else for the nearest one above it, else the one for all. */
    Optional<MapMatch> findDomainOrParent(byte[] name, int begin) {
        for (int label = begin; label < name.length; label = endOfLabel(name, label) + 1) {
            Optional<MapMatch> match = find(name, label, label);
            if (match.isPresent()) {
                return match;
            }
        }
        return catchAll();
    }

    /** The entry of the key {@code .}. */
    Optional<MapMatch> catchAll() {
        return find(CATCH_ALL, 0, CATCH_ALL.length);
    }

    /** Offset of the dot after the label that begins at {@code begin}; the name's length after the last label. */
    static int endOfLabel(byte[] name, int begin) {
        int end = begin;
        while (end < name.length && name[end] != '.') {
            end++;
        }
        return end;
    }

    /** Offset after the last at sign; 0 if there is none. */
    static int afterAt(byte[] name) {
        int at = name.length - 1;
        while (at >= 0 && name[at] != '@') {
            at--;
        }
        return at + 1;
    }

    /**
     * The entry whose key is the name from {@code begin} on. Names that are longer than any key are not compared at all, which keeps the time
     * linear however many labels a name has.
     */
    private Optional<MapMatch> find(byte[] name, int begin, int beginOfDomain) {
        boolean tooLong = name.length - begin > MapKey.LONGEST_FORM;
        int key = tooLong ? ByteStringTable.NONE : keys.find(name, begin, name.length);
        return key == ByteStringTable.NONE ? Optional.empty() : Optional.of(match(key, name, begin, beginOfDomain));
    }

    /** @param name holds the key from {@code begin} to its end, which spares a look at those of the table */
    private MapMatch match(int key, byte[] name, int begin, int beginOfDomain) {
        String text = new String(name, begin, name.length - begin, UTF_8);
        String domain =
                begin == beginOfDomain ? text : new String(name, beginOfDomain, name.length - beginOfDomain, UTF_8);
        return new MapMatch(
                text,
                text.equals(".") ? "" : domain,
                lines.position(keys.number(key, LINE)),
                values.get(keys.number(key, VALUE)));
    }
}
