package org.dkimproxy.james;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.apache.james.core.Domain;
import org.apache.james.domainlist.api.DomainList;
import org.apache.james.domainlist.api.DomainListException;
import org.dkimproxy.sendermap.dkim.DomainNames;
import org.dkimproxy.signing.HostDomains;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * James's DomainList, which may be a table on another machine: read at most once in {@link #LIFETIME}, however many mails
 * depend on it. After a reading that fails, the domains of the last one stay in use. Thread-safe.
 */
final class JamesDomains implements HostDomains {
    /** How long a reading counts, and so how long a new domain may take. */
    static final Duration LIFETIME = Duration.ofSeconds(10);

    /** Mail that depends on the domains waits for a reading by another mail only if the last one is older. */
    private static final Duration LONGEST_LIFETIME = LIFETIME.multipliedBy(3);

    private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);

    /** How long a failure counts while no domains are known. */
    private static final Duration RETRY = Duration.ofSeconds(1);

    private static final Logger LOG = LoggerFactory.getLogger(JamesDomains.class);

    private final DomainList list;
    private final LongSupplier nanoTime;
    private final ReentrantLock reading = new ReentrantLock();
    private volatile @Nullable Reading last;

    /**
     * Reads this list.
     *
     * @param nanoTime the clock, as {@link System#nanoTime}
     */
    JamesDomains(DomainList list, LongSupplier nanoTime) {
        this.list = list;
        this.nanoTime = nanoTime;
    }

    /** @param domains empty if they have never been read, since each reading failed */
    private record Reading(Optional<Set<String>> domains, long nanos) {
        Set<String> orThrow() throws IOException {
            return domains.orElseThrow(() -> new IOException("the DomainList cannot be read"));
        }
    }

    @Override
    public Set<String> current() throws IOException {
        Reading known = last;
        if (known == null) {
            reading.lock();
        } else if (isFresh(known) || !begins(known)) {
            return known.orThrow();
        }
        try {
            return refreshed().orThrow();
        } finally {
            reading.unlock();
        }
    }

    /** Whether this thread is the one to read now. */
    private boolean begins(Reading known) {
        if (reading.tryLock()) {
            return true;
        }
        if (age(known) < LONGEST_LIFETIME.toNanos()) {
            return false;
        }
        try {
            return reading.tryLock(LONGEST_WAIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private Reading refreshed() {
        Reading before = last;
        if (before != null && isFresh(before)) {
            // by the thread that held the lock
            return before;
        }
        Optional<Set<String>> known = before == null ? Optional.empty() : before.domains();
        Optional<Set<String>> domains = read(known).or(() -> known);
        long readAt = nanoTime.getAsLong();
        Reading now = new Reading(
                domains,
                domains.isPresent() ? readAt : readAt - LIFETIME.minus(RETRY).toNanos());
        last = now;
        return now;
    }

    private Optional<Set<String>> read(Optional<Set<String>> known) {
        try {
            List<Domain> domains = list.getDomains();
            return Optional.of(domains.stream().map(JamesDomains::aLabels).collect(Collectors.toUnmodifiableSet()));
        } catch (DomainListException | RuntimeException failed) {
            LOG.warn(
                    "cannot read the DomainList: {}; {}",
                    failed.toString(),
                    known.isPresent()
                            ? "its domains of the last reading stay in use"
                            : "mail that depends on its domains is not signed until it can be read");
            return Optional.empty();
        }
    }

    private boolean isFresh(Reading known) {
        return age(known) < LIFETIME.toNanos();
    }

    private long age(Reading known) {
        return nanoTime.getAsLong() - known.nanos();
    }

    private static String aLabels(Domain domain) {
        String name = domain.asString();
        return DomainNames.toALabels(name).orElseGet(() -> name.toLowerCase(Locale.ROOT));
    }
}
