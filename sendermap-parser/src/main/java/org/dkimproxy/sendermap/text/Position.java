package org.dkimproxy.sendermap.text;

/**
 * A position in a source of configuration.
 *
 * @param file the file's name as the administrator wrote it, or a word such as {@code command line}
 * @param line counted from 1; 0 for the file as a whole
 * @param column counted from 1, in characters; 0 for the file as a whole
 */
public record Position(String file, int line, int column) {
    /** No position. */
    public static final Position NONE = new Position("", 0, 0);

    /** Checks that line and column are counted from 1, or are both 0. */
    public Position {
        boolean isWholeFile = line == 0 && column == 0;
        if (!isWholeFile && (line < 1 || column < 1)) {
            throw new IllegalArgumentException("line and column are counted from 1: " + line + ":" + column);
        }
    }

    /** {@code file:line:col}, as compilers write it; of a whole file its name alone. */
    @Override
    public String toString() {
        return line == 0 ? file : file + ":" + line + ":" + column;
    }
}
