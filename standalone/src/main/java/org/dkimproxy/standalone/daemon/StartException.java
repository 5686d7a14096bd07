package org.dkimproxy.standalone.daemon;

import java.util.List;

/** A start that cannot be; the message is for the person who starts the program. */
public final class StartException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient List<String> reasons;

    /** @param reason what was found, and what to do */
    public StartException(String reason) {
        this(List.of(reason));
    }

    /** @param reasons the same for several, at least one */
    public StartException(List<String> reasons) {
        super(String.join("\nError: ", reasons));
        this.reasons = List.copyOf(reasons);
    }

    /** What was found, and what to do, one by one; the message has them all. */
    public List<String> reasons() {
        return reasons;
    }
}
