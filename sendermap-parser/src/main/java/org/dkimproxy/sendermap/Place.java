package org.dkimproxy.sendermap;

/**
 * A position in a source of configuration.
 *
 * @param file the file's name as the administrator wrote it, or a word such as {@code command line}
 * @param line counted from 1; 0 for the file as a whole
 * @param column counted from 1, in characters; 0 for the file as a whole
 */
public record Place(String file, int line, int column) {
    /** Checks that line and column are counted from 1, or are both 0. */
    public Place {
        boolean isWholeFile = line == 0 && column == 0;
        if (!isWholeFile && (line < 1 || column < 1)) {
            throw new IllegalArgumentException("line and column are counted from 1: " + line + ":" + column);
        }
    }

    /** A file, or another source, as a whole: a problem with it has no line. */
    public static Place ofFile(String file) {
        return new Place(file, 0, 0);
    }

    /** {@code file:line:col}, as compilers write it; of a whole file its name alone. */
    @Override
    public String toString() {
        return line == 0 ? file : file + ":" + line + ":" + column;
    }
}
