package org.dkimproxy.sendermap.map;

import java.util.ArrayList;
import java.util.List;
import org.dkimproxy.sendermap.text.Position;

/**
 * The lines of the files of a map, numbered through: the first line of the second file has the number after that of the last line
 * of the first. So one number tells file and line.
 */
final class MapLines {
    private final List<String> files = new ArrayList<>();
    private final List<Integer> offsets = new ArrayList<>();

    /** Adds a file whose lines have the numbers after {@code offset}. */
    void add(String file, int offset) {
        files.add(file);
        offsets.add(offset);
    }

    /** The beginning of the line of this number. */
    Position position(int number) {
        int index = files.size() - 1;
        while (offsets.get(index) >= number && index > 0) {
            index--;
        }
        return new Position(files.get(index), number - offsets.get(index), 1);
    }
}
