package org.dkimproxy.signing;

import java.io.IOException;
import java.util.Set;

/** The domains of the mail server that the engine signs for, beside those that its configuration names. Thread-safe. */
@FunctionalInterface
public interface HostDomains {
    /** A server without domains of its own. */
    HostDomains NONE = Set::of;

    /**
     * Returns the domains in A-labels and lower case. Called for each message that depends on them, so it has to be fast.
     *
     * @throws IOException if they are not known
     */
    Set<String> current() throws IOException;
}
