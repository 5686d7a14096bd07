package org.dkimproxy.standalone.options;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Finds a relay that is the program itself: each message would come back to it, again and again. */
public final class RelayLoop {
    /** Listens on every address. */
    private static final String EVERY = "*";

    private final Function<String, List<InetAddress>> addresses;

    private RelayLoop(Function<String, List<InetAddress>> addresses) {
        this.addresses = addresses;
    }

    /** One that knows literals and {@code localhost}, and never waits for the DNS. */
    static RelayLoop ofLiterals() {
        return new RelayLoop(Hosts::local);
    }

    /** One that resolves names. */
    public static RelayLoop ofNames() {
        return new RelayLoop(Hosts::resolved);
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
            return targets.stream().anyMatch(RelayLoop::isOfThisMachine);
        }
        return addresses.apply(listen).stream()
                .anyMatch(bound -> targets.stream().anyMatch(target -> leads(target, bound)));
    }

    private static boolean leads(InetAddress target, InetAddress bound) {
        if (bound.isAnyLocalAddress()) {
            // a socket on [::] takes IPv4 clients as well
            return (bound instanceof Inet6Address || target.getClass() == bound.getClass()) && isOfThisMachine(target);
        }
        // a connection to the unspecified address goes to the loopback interface
        return target.equals(bound)
                || (target.isAnyLocalAddress() && bound.isLoopbackAddress() && target.getClass() == bound.getClass());
    }

    private static boolean isOfThisMachine(InetAddress address) {
        try {
            return address.isAnyLocalAddress()
                    || address.isLoopbackAddress()
                    || NetworkInterface.getByInetAddress(address) != null;
        } catch (SocketException unknown) {
            return false;
        }
    }
}
