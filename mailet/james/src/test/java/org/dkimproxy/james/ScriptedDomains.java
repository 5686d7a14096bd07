package org.dkimproxy.james;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.james.core.Domain;
import org.apache.james.domainlist.api.DomainList;
import org.apache.james.domainlist.api.DomainListException;
import org.reactivestreams.Publisher;

/** A DomainList that holds, fails and waits as a test says. */
final class ScriptedDomains implements DomainList {
    volatile List<String> domains = List.of();
    /** Empty for a list that does not fail. */
    volatile String failure = "";

    volatile CountDownLatch begun = new CountDownLatch(0);
    volatile CountDownLatch mayEnd = new CountDownLatch(0);
    private final AtomicInteger readings = new AtomicInteger();

    /** How often it was asked. */
    int readings() {
        return readings.get();
    }

    @Override
    public List<Domain> getDomains() throws DomainListException {
        readings.incrementAndGet();
        begun.countDown();
        try {
            mayEnd.await();
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
        if (!failure.isEmpty()) {
            throw new DomainListException(failure);
        }
        return domains.stream().map(Domain::of).toList();
    }

    @Override
    public boolean containsDomain(Domain domain) {
        throw new AssertionError("asked for one domain");
    }

    @Override
    public Publisher<Boolean> containsDomainReactive(Domain domain) {
        throw new AssertionError("asked for one domain");
    }

    @Override
    public void addDomain(Domain domain) {
        throw new AssertionError("changed");
    }

    @Override
    public void removeDomain(Domain domain) {
        throw new AssertionError("changed");
    }

    @Override
    public Domain getDefaultDomain() {
        throw new AssertionError("asked for the default domain");
    }
}
