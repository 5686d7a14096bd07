package org.dkimproxy.sendermap;

/**
 * A position in a source of configuration.
 *
 * @param file the file's name as the administrator wrote it, or a word such as {@code command line}
 * @param line counted from 1
 * @param column counted from 1, in characters
 */
public record Place(String file, int line, int column) {
    /** Checks that line and column are counted from 1. */
    public Place {
        if (line < 1 || column < 1) {
            throw new IllegalArgumentException("line and column are counted from 1: " + line + ":" + column);
        }
    }

    /** {@code file:line:col}, as compilers write it. */
    @Override
    public String toString() {
        return file + ":" + line + ":" + column;
    }
}
