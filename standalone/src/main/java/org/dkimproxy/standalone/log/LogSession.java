package org.dkimproxy.standalone.log;

import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Ties the log lines of one session together: what a thread logs within {@link #run} ends with {@code ; session=ID},
 * from any class.
 */
public final class LogSession {
    private static final ScopedValue<String> CURRENT = ScopedValue.newInstance();

    private LogSession() {}

    /** Runs a session with this id. */
    public static void run(String id, Runnable session) {
        ScopedValue.where(CURRENT, id).run(session);
    }

    /** {@code ; session=ID} within a session, otherwise empty. */
    static String suffix() {
        return CURRENT.isBound() ? "; session=" + CURRENT.get() : "";
    }

    /** Ids that no other process and no other session of this process has had, such as {@code t6k2x1-4f}. Thread-safe. */
    public static final class Ids {
        private final String process = Long.toString(Instant.now().getEpochSecond(), Character.MAX_RADIX);
        private final AtomicLong count = new AtomicLong();

        /** An id of printable characters without blanks. */
        public String next() {
            return process + "-" + Long.toString(count.incrementAndGet(), Character.MAX_RADIX);
        }
    }
}
