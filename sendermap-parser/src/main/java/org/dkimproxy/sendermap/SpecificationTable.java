package org.dkimproxy.sendermap;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The entries of a map: keys, each with its line and the number of its right-hand side. What is looked up has the form of {@link MapKey}. */
final class SpecificationTable {
    private static final byte[] CATCH_ALL = {'.'};

    private final String file;
    private final ByteStrings keys;
    private final int[] lineOfKey;
    private final int[] valueOfKey;
    private final List<List<SignatureSpecification>> values;

    /** Takes over the keys and the arrays; copies the values. */
    SpecificationTable(
            String file,
            ByteStrings keys,
            int[] lineOfKey,
            int[] valueOfKey,
            List<List<SignatureSpecification>> values) {
        this.file = file;
        this.keys = keys;
        this.lineOfKey = lineOfKey;
        this.valueOfKey = valueOfKey;
        this.values = List.copyOf(values);
    }

    int size() {
        return keys.size();
    }

    /** All values with signatures that some key has. */
    Stream<RightHandSide> rightHandSides() {
        boolean[] used = new boolean[values.size()];
        int[] moreLines = new int[values.size()];
        int[] ownLines = values.stream().mapToInt(SpecificationTable::line).toArray();
        for (int key = 0; key < valueOfKey.length; key++) {
            int value = valueOfKey[key];
            used[value] = true;
            moreLines[value] += lineOfKey[key] == ownLines[value] ? 0 : 1;
        }
        return IntStream.range(0, used.length)
                .filter(value -> used[value] && !values.get(value).isEmpty())
                .mapToObj(value -> new RightHandSide(values.get(value), moreLines[value]));
    }

    /** The line where a value was read; 0 for one without signatures. */
    private static int line(List<SignatureSpecification> value) {
        return value.isEmpty() ? 0 : value.getFirst().source().place().line();
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
     * @param beginOfDomain tells where the domain of a key begins
     */
    Stream<MapMatch> entries(Predicate<List<SignatureSpecification>> wanted, ToIntFunction<byte[]> beginOfDomain) {
        boolean[] isWanted = new boolean[values.size()];
        for (int value = 0; value < isWanted.length; value++) {
            isWanted[value] = wanted.test(values.get(value));
        }
        return IntStream.range(0, keys.size())
                .filter(number -> isWanted[valueOfKey[number]])
                .mapToObj(number -> {
                    byte[] name = keys.text(number).getBytes(UTF_8);
                    return match(number, name, beginOfDomain.applyAsInt(name));
                });
    }

    /**
     * The entry for a whole name.
     *
     * @param beginOfDomain where its domain begins
     */
    Optional<MapMatch> findWhole(byte[] name, int beginOfDomain) {
        return find(name, 0).map(number -> match(number, name, beginOfDomain));
    }

    /** The entry for the domain that begins at {@code begin}, else for the nearest one above it, else the one for all. */
    Optional<MapMatch> findDomainOrParent(byte[] name, int begin) {
        for (int label = begin; label < name.length; label = endOfLabel(name, label) + 1) {
            Optional<Integer> number = find(name, label);
            if (number.isPresent()) {
                return Optional.of(match(number.get(), name, label));
            }
        }
        return findWhole(CATCH_ALL, 0);
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
     * The number of the key that is the name from {@code begin} on. Names that are longer than any key are not compared at all, which keeps the time
     * linear however many labels a name has.
     */
    private Optional<Integer> find(byte[] name, int begin) {
        int number = name.length - begin > MapKey.LONGEST_FORM ? -1 : keys.find(name, begin, name.length);
        return number < 0 ? Optional.empty() : Optional.of(number);
    }

    private MapMatch match(int number, byte[] name, int beginOfDomain) {
        String key = keys.text(number);
        String domain = key.equals(".") ? "" : new String(name, beginOfDomain, name.length - beginOfDomain, UTF_8);
        return new MapMatch(key, domain, new Place(file, lineOfKey[number], 1), values.get(valueOfKey[number]));
    }
}
