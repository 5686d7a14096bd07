package org.dkimproxy.jamesit;

import java.util.List;
import org.apache.james.core.Domain;
import org.apache.james.domainlist.api.DomainList;
import org.reactivestreams.Publisher;

/** A DomainList that stays as it is. */
record FixedDomains(List<Domain> domains) implements DomainList {
    FixedDomains {
        domains = List.copyOf(domains);
    }

    @Override
    public List<Domain> getDomains() {
        return domains;
    }

    @Override
    public boolean containsDomain(Domain domain) {
        return domains.contains(domain);
    }

    @Override
    public Publisher<Boolean> containsDomainReactive(Domain domain) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void addDomain(Domain domain) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void removeDomain(Domain domain) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Domain getDefaultDomain() {
        return Domain.LOCALHOST;
    }
}
