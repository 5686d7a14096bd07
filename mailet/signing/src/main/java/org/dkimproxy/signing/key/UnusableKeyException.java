package org.dkimproxy.signing.key;

/** A key file that does not give a key to sign with; says what was found and what was expected, never anything secret. */
public final class UnusableKeyException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String found;
    private final String expected;

    UnusableKeyException(String found, String expected) {
        super("found " + found + ", expected " + expected);
        this.found = found;
        this.expected = expected;
    }

    /** What the file holds. */
    public String found() {
        return found;
    }

    /** What it should hold, or what to do. */
    public String expected() {
        return expected;
    }
}
