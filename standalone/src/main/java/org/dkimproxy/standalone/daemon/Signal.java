package org.dkimproxy.standalone.daemon;

/** A signal, with the number that it has on every Unix. */
public enum Signal {
    /** Reloads. */
    HUP(1),
    /** Drains. */
    QUIT(3);

    private final int number;

    Signal(int number) {
        this.number = number;
    }

    int number() {
        return number;
    }
}
