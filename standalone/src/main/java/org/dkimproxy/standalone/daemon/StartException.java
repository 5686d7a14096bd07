package org.dkimproxy.standalone.daemon;

import java.util.List;

/** Thrown if the program cannot start; the message is for the administrator. */
public final class StartException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient List<String> reasons;
    private final boolean isTemporary;

    /** @param reason what was found, and what to do; the configuration is wrong */
    public StartException(String reason) {
        this(List.of(reason));
    }

    /** @param reasons several reasons of a configuration that is wrong, at least one */
    public StartException(List<String> reasons) {
        this(reasons, false);
    }

    private StartException(List<String> reasons, boolean isTemporary) {
        super(String.join("\nError: ", reasons));
        this.reasons = List.copyOf(reasons);
        this.isTemporary = isTemporary;
    }

    /** A start that may succeed later with the same configuration. */
    public static StartException temporary(String reason) {
        return new StartException(List.of(reason), true);
    }

    /** Whether a later start may succeed with the same configuration, since something else is in the way. */
    public boolean isTemporary() {
        return isTemporary;
    }

    /** What was found, and what to do, one by one; the message has them all. */
    public List<String> reasons() {
        return reasons;
    }
}
