package org.dkimproxy.signing.key;

import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;

/** Says in a person's words why a file could not be used. */
public final class FileErrors {
    private FileErrors() {}

    /** A few words, without the file's name where the name is known anyway. */
    public static String describe(Exception e) {
        return switch (e) {
            case NoSuchFileException missing -> "no such file or directory";
            case AccessDeniedException denied -> "permission denied";
            case InvalidPathException invalid -> "no name that a file can have";
            case FileSystemException f when f.getReason() != null -> f.getReason();
            default -> e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        };
    }
}
