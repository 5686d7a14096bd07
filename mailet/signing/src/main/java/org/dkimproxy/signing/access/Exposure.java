package org.dkimproxy.signing.access;

import java.nio.file.Path;

/**
 * A way in which somebody else can change what is read from a file.
 *
 * @param kind what they can write to
 * @param path of it
 * @param writer {@code everyone}, {@code group mail} or {@code its owner bob}
 * @param mode such as {@code rwxrwxrwx}
 * @param command ends it
 */
public record Exposure(Kind kind, Path path, String writer, String mode, String command) {
    private static final String ONLY = " that only root and the user of this program can change: ";

    /** What others can write to. */
    public enum Kind {
        /** The file. */
        FILE,
        /** A directory above the file or above a link to it. */
        DIRECTORY,
        /** A symbolic link on the way to the file. */
        LINK
    }

    /**
     * What was found, for a problem.
     *
     * @param file the file with its path, such as {@code key file /etc/dkim/a.key}
     */
    public String found(String file) {
        return switch (kind) {
            case FILE -> file + " that " + writer + " can write to (" + mode + ")";
            case DIRECTORY -> file + " below directory " + path + " that " + writer + " can write to (" + mode + ")";
            case LINK -> file + " behind link " + path + " that " + writer + " can replace";
        };
    }

    /** What is expected, with the remedy. */
    public String expected() {
        return switch (kind) {
            case FILE -> "a file" + ONLY + command;
            case DIRECTORY -> "a directory" + ONLY + command;
            case LINK -> "a link" + ONLY + command;
        };
    }
}
