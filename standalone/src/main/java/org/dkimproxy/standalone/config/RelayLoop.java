package org.dkimproxy.standalone.config;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.dkimproxy.standalone.net.HostPort;
import org.dkimproxy.standalone.net.Hosts;

/** Finds a relay that is the program itself: each message would come back to it, again and again. */
final class RelayLoop {
    /** Listens on every address. */
    private static final String EVERY = "*";

    /** For one name. A start that waits longer would look like one that hangs. */
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private final Function<String, List<InetAddress>> addresses;

    private final Predicate<InetAddress> isOfInterface;

    /**
     * One of a machine.
     *
     * @param addresses the addresses of a host, literals included; none for a name that cannot be resolved
     * @param isOfInterface whether a network interface of the machine has an address
     */
    RelayLoop(Function<String, List<InetAddress>> addresses, Predicate<InetAddress> isOfInterface) {
        this.addresses = addresses;
        this.isOfInterface = isOfInterface;
    }

    /**
     * One that resolves names by the resolver and knows the network interfaces of this machine. A name that the resolver does not
     * know in time is no loop. Names are resolved only where the ports are the same.
     */
    static RelayLoop ofThisMachine() {
        return new RelayLoop(host -> Hosts.resolved(host, TIMEOUT), LocalInterfaces::have);
    }

    /** The listen address to which a connection to the relay would lead; empty if there is none. */
    Optional<HostPort> find(List<HostPort> listen, HostPort relay) {
        return listen.stream()
                .filter(each -> each.port() == relay.port() && each.port() != 0 && isSame(each.host(), relay.host()))
                .findFirst();
    }

    private boolean isSame(String listen, String relay) {
        if (listen.equalsIgnoreCase(relay)) {
            return true;
        }
        List<InetAddress> targets = addresses.apply(relay);
        if (listen.equals(EVERY)) {
            return targets.stream().anyMatch(this::isOfThisMachine);
        }
        return addresses.apply(listen).stream()
                .anyMatch(bound -> targets.stream().anyMatch(target -> leads(target, bound)));
    }

    private boolean leads(InetAddress target, InetAddress bound) {
        if (bound.isAnyLocalAddress()) {
            // a socket on [::] takes IPv4 clients as well
            return (bound instanceof Inet6Address || target.getClass() == bound.getClass()) && isOfThisMachine(target);
        }
        // a connection to the unspecified address goes to the loopback interface
        return target.equals(bound)
                || (target.isAnyLocalAddress() && bound.isLoopbackAddress() && target.getClass() == bound.getClass());
    }

    private boolean isOfThisMachine(InetAddress address) {
        return address.isAnyLocalAddress() || address.isLoopbackAddress() || isOfInterface.test(address);
    }
}
