package org.dkimproxy.standalone.daemon;

import java.util.OptionalInt;

/**
 * A user of the system.
 *
 * @param name the login name; for a number without an account the number
 * @param uid an unsigned number
 * @param gid the login group, an unsigned number; none for a number without an account
 */
public record Account(String name, int uid, OptionalInt gid) {
    /** As messages have it: {@code user nobody (uid 65534)}. */
    @Override
    public String toString() {
        return "user " + name + " (uid " + Integer.toUnsignedString(uid) + ")";
    }
}
