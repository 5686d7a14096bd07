package org.dkimproxy.standalone.options;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/** Finds a relay that is the program itself: each message would come back to it, again and again. */
public final class RelayLoop {
    /** Listens on every address. */
    private static final String EVERY = "*";

    private final Function<String, List<InetAddress>> addresses;

    private final Predicate<InetAddress> isOfInterface;

    private RelayLoop(Function<String, List<InetAddress>> addresses, Predicate<InetAddress> isOfInterface) {
        this.addresses = addresses;
        this.isOfInterface = isOfInterface;
    }

    /** One that knows literals and {@code localhost}, and never waits for the DNS. */
    static RelayLoop ofLiterals() {
        return new RelayLoop(Hosts::local, _ -> false);
    }

    /**
     * One that resolves names.
     *
     * @param isOfInterface whether a network interface of this machine has an address
     */
    public static RelayLoop ofNames(Predicate<InetAddress> isOfInterface) {
        return new RelayLoop(Hosts::resolved, isOfInterface);
    }

    /** The listen address to which a connection to the relay would lead; empty if there is none. */
    public Optional<Address> find(List<Address> listen, Address relay) {
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
