package org.dkimproxy.sendermap;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The entries of a map: keys, each with the number of its right-hand side. What is looked up has the form of {@link MapKey}. */
final class SpecificationTable {
    private static final byte[] CATCH_ALL = {'.'};

    private final ByteStrings keys;
    private final int[] valueOfKey;
    private final List<List<SignatureSpecification>> values;

    /** Takes over the keys and the array; copies the values. */
    SpecificationTable(ByteStrings keys, int[] valueOfKey, List<List<SignatureSpecification>> values) {
        this.keys = keys;
        this.valueOfKey = valueOfKey;
        this.values = List.copyOf(values);
    }

    int size() {
        return keys.size();
    }

    /** The specifications of all values that some key has. */
    List<SignatureSpecification> specifications() {
        boolean[] used = new boolean[values.size()];
        for (int value : valueOfKey) {
            used[value] = true;
        }
        List<SignatureSpecification> specifications = new ArrayList<>();
        for (int value = 0; value < used.length; value++) {
            if (used[value]) {
                specifications.addAll(values.get(value));
            }
        }
        return List.copyOf(specifications);
    }

    /** Every entry, in no order that matters; the key's domain as for a sender. */
    Stream<MapMatch> entries() {
        return IntStream.range(0, keys.size()).mapToObj(number -> {
            String key = keys.text(number);
            String domain = key.equals(".") ? "" : key.substring(key.lastIndexOf('@') + 1);
            return new MapMatch(key, domain, values.get(valueOfKey[number]));
        });
    }

    /**
     * The entry for a whole name.
     *
     * @param beginOfDomain where its domain begins, or its end
     */
    Optional<MapMatch> find(byte[] name, int beginOfDomain) {
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

    /** Names that are longer than any key are not compared at all, which keeps the time linear however many labels a name has. */
    private Optional<MapMatch> find(byte[] name, int begin, int beginOfDomain) {
        int number = name.length - begin > MapKey.LONGEST_FORM ? -1 : keys.find(name, begin, name.length);
        if (number < 0) {
            return Optional.empty();
        }
        String key = keys.text(number);
        String keyDomain = key.equals(".") ? "" : new String(name, beginOfDomain, name.length - beginOfDomain, UTF_8);
        return Optional.of(new MapMatch(key, keyDomain, values.get(valueOfKey[number])));
    }
}
