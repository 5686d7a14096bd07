package org.dkimproxy.sendermap.map;

import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.dkimproxy.sendermap.dkim.SignatureSpecification;

/** What is in a map of either kind: keys, each with the signatures of its right-hand side. */
public abstract sealed class RuleMap permits SenderMap, ListIdMap {
    final SpecificationTable table;

    RuleMap(SpecificationTable table) {
        this.table = table;
    }

    /** Where the domain begins that a key gives. */
    abstract int indexOfDomain(byte[] key);

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

    /** Every entry as a look-up gives it for its own key, one for each key. */
    public Stream<MapMatch> entries() {
        return table.entries(any -> true, this::indexOfDomain);
    }

    /**
     * Those of {@link #entries} with such a specification.
     *
     * @param wanted asked for each distinct right-hand side, not for each key
     */
    public Stream<MapMatch> entriesWith(Predicate<SignatureSpecification> wanted) {
        return table.entries(value -> value.stream().anyMatch(wanted), this::indexOfDomain);
    }
}
