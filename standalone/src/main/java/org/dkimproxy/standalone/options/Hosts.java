package org.dkimproxy.standalone.options;

import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/** Hosts of addresses, as literals and as names. */
public final class Hosts {
    private static final String LOCALHOST = "localhost";

    private Hosts() {}

    /** Whether a host can be one: no name has a colon, so a host with a colon is an IPv6 address, with or without a zone. */
    static boolean isPossible(Address address) {
        String host = address.host();
        int zone = host.indexOf('%');
        return host.indexOf(':') < 0
                || literal(zone < 0 ? host : host.substring(0, zone)).isPresent();
    }

    /** The address that is written as such; empty for a name. */
    static Optional<InetAddress> literal(String host) {
        try {
            return Optional.of(InetAddress.ofLiteral(host));
        } catch (IllegalArgumentException name) {
            return Optional.empty();
        }
    }

    /** The addresses of a host that are known without the DNS: of literals and of {@code localhost}; none for other names. */
    static List<InetAddress> local(String host) {
        return host.equalsIgnoreCase(LOCALHOST)
                ? resolved(host)
                : literal(host).map(List::of).orElse(List.of());
    }

    /** The addresses of a host, by the resolver of the system; none for a name that cannot be resolved. */
    public static List<InetAddress> resolved(String host) {
        try {
            return List.of(InetAddress.getAllByName(host));
        } catch (IOException unknownHost) {
            return List.of();
        }
    }
}
