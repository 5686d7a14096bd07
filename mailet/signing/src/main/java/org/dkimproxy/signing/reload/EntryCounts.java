package org.dkimproxy.signing.reload;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How many entries each file of a configuration has: options of a conf file, keys of a map.
 *
 * @param byFile none for a file that could not be read
 */
public record EntryCounts(Map<Path, Integer> byFile) {
    /** No files. */
    public static final EntryCounts NONE = new EntryCounts(Map.of());

    /** With fewer entries an edit by hand often removes half of them. */
    private static final int MANY = 10;

    /** Takes a copy. */
    public EntryCounts {
        byFile = Map.copyOf(byFile);
    }

    /**
     * A file that lost most of its entries.
     *
     * @param before how many it had
     * @param now how many it has
     */
    record Shrunk(Path file, int before, int now) {}

    /** The counts of one file. */
    public static EntryCounts of(Path file, int entries) {
        return new EntryCounts(Map.of(file, entries));
    }

    /** These, and those of {@code more}. */
    public EntryCounts and(EntryCounts more) {
        Map<Path, Integer> both = new HashMap<>(byFile);
        both.putAll(more.byFile);
        return new EntryCounts(both);
    }

    /**
     * The files, in order, that became empty, or that had ten entries or more and lost more than half of them: more often they
     * are being written than meant so.
     */
    List<Shrunk> shrunkSince(EntryCounts before) {
        return byFile.entrySet().stream()
                .map(file -> new Shrunk(file.getKey(), before.byFile.getOrDefault(file.getKey(), 0), file.getValue()))
                .filter(EntryCounts::lostMost)
                .sorted(Comparator.comparing(Shrunk::file))
                .toList();
    }

    private static boolean lostMost(Shrunk file) {
        boolean isEmptied = file.now == 0 && file.before > 0;
        boolean isHalved = file.before >= MANY && file.now < file.before - file.now;
        return isEmptied || isHalved;
    }
}
