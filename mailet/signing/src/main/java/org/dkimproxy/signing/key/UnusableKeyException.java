package org.dkimproxy.signing.key;

import java.nio.file.Path;

/**
 * Thrown for a key file that has no key to sign with. Its message has nothing secret: {@code found X, expected Y} for a file
 * with other content, or {@code cannot read key file: REASON}.
 */
public final class UnusableKeyException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String found;
    private final String expected;

    UnusableKeyException(String found, String expected) {
        super("found " + found + ", expected " + expected);
        this.found = found;
        this.expected = expected;
    }

    /** A file that cannot be read. */
    UnusableKeyException(String message) {
        super(message);
        this.found = message;
        this.expected = "";
    }

    /** The message with the path of the key file. */
    String of(Path keyFile) {
        return expected.isEmpty() ? found : "key file " + keyFile + ": " + getMessage();
    }

    /** The content of the file; the whole message for a file that cannot be read. */
    public String found() {
        return found;
    }

    /** The content that it should have, or what to do; empty for a file that cannot be read. */
    public String expected() {
        return expected;
    }
}
