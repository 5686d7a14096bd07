package org.dkimproxy.signing.key;

import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import org.dkimproxy.sendermap.text.PrintableText;

/** Errors with files, in the words of the system. */
public final class FileErrors {
    private FileErrors() {}

    /** {@code cannot read key file NAME: REASON}. */
    public static String cannotRead(String kind, String name, Exception reason) {
        return cannotRead(kind, name, describe(reason));
    }

    /** {@code cannot read key file NAME: REASON}. */
    public static String cannotRead(String kind, String name, String reason) {
        return "cannot read " + kind + " " + PrintableText.of(name, Integer.MAX_VALUE, '\uFFFD') + ": " + reason;
    }

    /** The reason, such as {@code Permission denied}. */
    public static String describe(Exception e) {
        return switch (e) {
            case NoSuchFileException missing -> "No such file or directory";
            case AccessDeniedException denied -> "Permission denied";
            case InvalidPathException invalid -> "not a file name";
            case FileSystemException f when f.getReason() != null -> f.getReason();
            default -> e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        };
    }
}
