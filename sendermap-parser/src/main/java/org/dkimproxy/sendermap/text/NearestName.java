package org.dkimproxy.sendermap.text;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Finds the name that somebody probably meant. */
public final class NearestName {
    private static final int LONGEST = 64;

    private NearestName() {}

    /**
     * The known name that is nearest to a misspelt one; empty if none is near.
     *
     * <p>Names are compared without case, hyphens and underscores count as the same. Near means that one letter in three, at most, was left
     * out, put in, changed, or swapped with its neighbour. Of names that are equally near the first in alphabetical order is taken.
     *
     * @param written what was written, any text
     * @param names the known names
     */
    public static Optional<String> of(String written, Collection<String> names) {
        if (written.length() > LONGEST) {
            return Optional.empty();
        }
        String folded = folded(written);
        record Candidate(String name, int distance) {}
        return names.stream()
                .map(name -> new Candidate(name, distance(folded, folded(name))))
                .filter(candidate -> candidate.distance()
                        <= Math.min(written.length(), candidate.name().length()) / 3)
                .min(Comparator.comparingInt(Candidate::distance).thenComparing(Candidate::name))
                .map(Candidate::name);
    }

    private static String folded(String name) {
        return Ascii.lower(name).replace('-', '_');
    }

    /** Optimal string alignment: insertions, deletions, changes and swaps of neighbours. */
    private static int distance(String from, String to) {
        int[] beforeLast = new int[to.length() + 1];
        int[] last = new int[to.length() + 1];
        int[] row = new int[to.length() + 1];
        for (int j = 0; j <= to.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            int[] free = beforeLast;
            beforeLast = last;
            last = row;
            row = free;
            row[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int change = from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1;
                row[j] = Math.min(last[j - 1] + change, Math.min(last[j], row[j - 1]) + 1);
                if (i > 1
                        && j > 1
                        && from.charAt(i - 1) == to.charAt(j - 2)
                        && from.charAt(i - 2) == to.charAt(j - 1)) {
                    row[j] = Math.min(row[j], beforeLast[j - 2] + 1);
                }
            }
        }
        return row[to.length()];
    }
}
